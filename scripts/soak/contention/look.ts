import { rmSync } from "node:fs";
import { type Context, openStore } from "../../../src/index.js";
import { createRandom } from "../random.js";
import type { Ledger } from "./ledger.js";
import { lastContext, type Orders } from "./orders.js";

/** Reads the present and the past while others write: no half of a batch, no step back, no gap. */
export async function read(orders: Orders, ledger: Ledger, isOver: () => boolean): Promise<void> {
  using store = openStore(orders.path, { create: false });
  const random = createRandom(orders.seed);
  while (!isOver()) {
    const context = store.context(random.pick(orders.contexts));
    const { version, sequence } = context;
    context.refresh();
    if (context.version < version || context.sequence < sequence) ledger.fail(`${context.id} went back`);
    expectWhole(ledger, context, "now");
    const past = context.at(random.below(context.version + 1));
    expectWhole(ledger, past, `at ${past.version}`);
    const events = context.history({ order: "newest", limit: 50 }).map((event) => event.sequence);
    if (events.some((number, index) => index > 0 && number !== (events[index - 1] ?? 0) - 1))
      ledger.fail(`${context.id} has gaps: ${events.join(", ")}`);
    ledger.count("looks");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function expectWhole(ledger: Ledger, state: Pick<Context, "get">, where: string): void {
  // Views between the two events of a batch are past states, too; left is written first.
  const [left, right] = [Number(state.get("left")), Number(state.get("right"))];
  const isHalf = where === "now" ? left !== right : left !== right && left !== right + 1;
  if (isHalf) ledger.fail(`half a batch ${where}: ${left} and ${right}`);
}

/** Watches everything from the start to the end that the parent writes: each event once, and in order. */
export async function watch(orders: Orders, ledger: Ledger): Promise<void> {
  using store = openStore(orders.path, { create: false });
  const sequences = new Map<string, number>();
  let last = 0;
  for await (const { context, sequence, position } of store.watch({ from: "start", pollMs: 20 })) {
    if (context === lastContext) return;
    if (position <= last) ledger.fail(`position ${position} came after ${last}`);
    last = position;
    ledger.count("events");
    const before = sequences.get(context);
    // A fork goes on with the numbers of its parent.
    if (before !== undefined && sequence !== before + 1)
      ledger.fail(`${context}#${sequence} came after #${before}`);
    sequences.set(context, sequence);
  }
}

/** Makes backups while others write, and opens and verifies each. */
export async function keep(orders: Orders, ledger: Ledger, isOver: () => boolean): Promise<void> {
  using store = openStore(orders.path, { create: false });
  for (let number = 0; !isOver(); number += 1) {
    const file = `${orders.path}.backup-${orders.name}-${number}`;
    store.backup(file);
    verify(ledger, file);
    for (const end of ["", "-wal", "-shm", "-anchor"]) rmSync(`${file}${end}`, { force: true });
    ledger.count("backups");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Prunes everything, again and again, to archives beside the store. */
export async function prune(orders: Orders, ledger: Ledger, isOver: () => boolean): Promise<void> {
  using store = openStore(orders.path, { create: false });
  while (!isOver()) {
    for (const { events } of store.prune({ keep: { versions: 20 } })) {
      ledger.count("prunings");
      ledger.count("pruned events", events);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function verify(ledger: Ledger, file: string): void {
  using copy = openStore(file, { create: false });
  const { faults } = copy.verify();
  for (const { context = "", kind, why } of faults) ledger.fail(`backup: ${context} ${kind}: ${why}`);
  for (const { id } of copy.contexts()) expectWhole(ledger, copy.context(id), "now");
}
