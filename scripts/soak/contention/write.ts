import { type Context, openStore, type Store } from "../../../src/index.js";
import { createRandom, type Random } from "../random.js";
import type { Ledger } from "./ledger.js";
import type { Orders } from "./orders.js";

/** Where a process writes. */
interface Desk {
  readonly orders: Orders;
  readonly ledger: Ledger;
  readonly store: Store;
  readonly random: Random;
  readonly isOver: () => boolean;
}

/** Adds to counters by reading, and writing only where nobody else wrote meanwhile; else it tries again. */
export async function writeOptimistically(desk: Desk): Promise<void> {
  while (!desk.isOver()) {
    const context = desk.store.context(pickContext(desk));
    while (!desk.isOver()) {
      context.refresh();
      const count = Number(context.get("optimistic"));
      const expectedVersion = context.version;
      const isDone = attempt(desk, context, ["VERSION_CONFLICT"], (cause) =>
        context.set("optimistic", count + 1, { expectedVersion, cause }),
      );
      if (isDone) {
        desk.ledger.add(context.id, "optimistic");
        break;
      }
    }
    await aTurn();
  }
}

/** Writes in every way that asks for no version. */
export async function overwrite(desk: Desk): Promise<void> {
  for (let round = 0; !desk.isOver(); round += 1) {
    const context = desk.store.context(pickContext(desk));
    if (attempt(desk, context, [], (cause) => edit(context, cause))) desk.ledger.add(context.id, "edited");
    attempt(desk, context, [], (cause) => context.set(desk.orders.name, round, { cause }));
    attempt(desk, context, [], (cause) => addToBoth(context, cause));
    attempt(desk, context, [], (cause) =>
      context.merge({ last: `${desk.orders.name} ${round}` }, "update", { cause }),
    );
    attempt(desk, context, [], (cause) => context.setEphemeral(`at ${desk.orders.name}`, round, { cause }));
    if (round % 8 === 0) await phase(desk, context);
    if (round % 4 === 0) create(desk, round);
    await aTurn();
  }
}

/** Opens the store, writes and closes it, again and again: whoever closes last empties the log. */
export async function openAndClose({ orders, ledger, isOver, random }: Desk): Promise<void> {
  while (!isOver()) {
    try {
      using store = ledger.timed(() => openStore(orders.path, { create: false, actor: orders.name }));
      const desk: Desk = { orders, ledger, store, random, isOver };
      const context = store.context(pickContext(desk));
      if (attempt(desk, context, [], (cause) => edit(context, cause))) ledger.add(context.id, "edited");
      ledger.count("openings");
    } catch (error) {
      ledger.fail(`opening: ${String(error)}`);
    }
    await aTurn();
  }
}

/** The desk of a process, with a store of its own. */
export function openDesk(orders: Orders, ledger: Ledger, isOver: () => boolean): Desk {
  const store = openStore(orders.path, { create: false, actor: orders.name });
  return { orders, ledger, store, random: createRandom(orders.seed), isOver };
}

function pickContext({ random, orders }: Desk): string {
  return random.pick(orders.contexts);
}

/** Makes a write, and notes that it returned; false where it was refused. */
function attempt(
  { ledger }: Desk,
  context: Context,
  expected: Parameters<Ledger["refused"]>[1],
  write: (cause: string) => unknown,
): boolean {
  const cause = ledger.nextCause();
  try {
    ledger.timed(() => write(cause));
  } catch (error) {
    ledger.refused(error, expected);
    return false;
  }
  ledger.acknowledge(context, cause);
  return true;
}

function edit(context: Context, cause: string): void {
  context.edit("edited", (count) => Number(count) + 1, { cause });
}

/** Two keys that are always equal, since they are written together. */
function addToBoth(context: Context, cause: string): void {
  context.batch(
    () => {
      const count = Number(context.get("left")) + 1;
      context.set("left", count);
      context.set("right", count);
    },
    { cause },
  );
}

async function phase({ ledger, orders }: Desk, context: Context): Promise<void> {
  const key = `phases of ${orders.name}`;
  const cause = ledger.nextCause();
  try {
    await context.phase("count", (copy) => (copy[key] = Number(copy[key] ?? 0) + 1), {
      merge: "update",
      cause,
    });
    ledger.acknowledge(context, cause);
    ledger.add(context.id, key);
  } catch (error) {
    ledger.fail(`phase: ${String(error)}`);
  }
}

/** Everybody makes the same contexts and forks, at about the same time. */
function create(desk: Desk, round: number): void {
  const { ledger, store, orders } = desk;
  const born = store.context(`born ${round}`, { initial: { edited: 0, optimistic: 0, left: 0, right: 0 } });
  if (attempt(desk, born, [], (cause) => edit(born, cause))) ledger.add(born.id, "edited");
  try {
    const parent = store.context(pickContext(desk));
    const fork = ledger.timed(() => parent.fork(`fork ${round}`, { cause: orders.name }));
    ledger.count("forks");
    ledger.add(fork.id, "made");
  } catch (error) {
    ledger.refused(error, ["CONTEXT_EXISTS"]);
  }
}

/** Lets timers and the ends of phases have their turn. */
function aTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
