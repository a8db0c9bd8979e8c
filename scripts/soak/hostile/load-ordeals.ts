import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isContextError, openMemoryStore, openStore, type Store } from "../../../src/index.js";
import { makeGoodExports } from "./good-exports.js";
import { mutate, truncate } from "./mutate-export.js";
import { oddExports } from "./odd-exports.js";
import type { Ground, Ordeal, Outcome } from "./ordeal.js";
import { rowsOf } from "./rows-of.js";

/** Every so many-th file is loaded into a store in memory instead. */
const inMemory = 5;

/** Loads files that are no good exports into a store that has contexts already. */
export async function* loadOrdeals({ folder, random, draws, isLong }: Ground): AsyncGenerator<Ordeal> {
  const good = await makeGoodExports(folder);
  const file = join(folder, "odd.jsonl");
  using store = openStore(join(folder, "into.db"), { durability: "normal" });
  store.context("kept", { initial: { a: 1 } }).set("b", [1, 2]);
  store.context("kept too").set("a", "b");
  for (const [what, make] of Object.entries(oddExports(good, random, isLong))) {
    rmSync(file, { recursive: true, force: true });
    make(file);
    yield { what: `load of ${what}`, face: () => loadInto(store, file) };
  }
  yield { what: "load of /dev/zero", face: () => loadInto(store, "/dev/zero") };
  rmSync(file, { recursive: true, force: true });
  for (let draw = 0; draw < draws; draw += 1) {
    // One in eleven is cut: 200 to 2,000.
    const { what, bytes } = (draw % 11 === 0 ? truncate : mutate)(good, random);
    writeFileSync(file, bytes);
    const face = draw % inMemory === 0 ? () => loadIntoMemory(file) : () => loadInto(store, file);
    yield { what: `load number ${draw}, ${what}`, face };
  }
}

function loadInto(store: Store, file: string): Outcome {
  const before = rowsOf(store.location);
  const outcome = load(store, file);
  if (outcome !== "refused") return outcome;
  return rowsOf(store.location) === before ? outcome : { wrong: "it was refused, and the store has changed" };
}

function loadIntoMemory(file: string): Outcome {
  using store = openMemoryStore();
  store.context("kept").set("a", 1);
  const before = JSON.stringify([store.stats(), store.contexts()]);
  const outcome = load(store, file);
  if (outcome !== "refused") return outcome;
  const after = JSON.stringify([store.stats(), store.contexts()]);
  return after === before ? outcome : { wrong: "it was refused, and the store has changed" };
}

/** Loads a file; what was loaded has to verify and to be readable, and is deleted again. */
function load(store: Store, file: string): Outcome {
  let ids: readonly string[];
  try {
    ids = store.load(file);
  } catch (error) {
    if (isContextError(error)) return "refused";
    throw error;
  }
  const { faults } = store.verify();
  for (const id of ids) read(store, id);
  for (const id of [...ids].reverse()) store.delete(id);
  return faults.length === 0
    ? "right"
    : { wrong: `it was loaded and does not verify: ${faults[0]?.why ?? ""}` };
}

/** A context whose values are not those of known classes may say so; all else has to be read. */
function read(store: Store, id: string): void {
  const context = store.find(id);
  if (context === undefined) throw new Error(`"${id}" was loaded and is not there.`);
  const { sequence } = context.head();
  if (sequence !== context.sequence) throw new Error(`"${id}" has another head than its last event.`);
  try {
    context.clone();
    for (const event of context.events()) Object.keys(context.at(`#${event.sequence}`).data);
  } catch (error) {
    if (!isContextError(error, "CLASS_UNKNOWN")) throw error;
  }
}
