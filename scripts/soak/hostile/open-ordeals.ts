import { hash } from "node:crypto";
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { isContextError, openStore, type Store } from "../../../src/index.js";
import { makeGoodExports } from "./good-exports.js";
import { mutateStore } from "./mutate-store.js";
import { oddStores } from "./odd-stores.js";
import type { Ground, Ordeal, Outcome } from "./ordeal.js";
import { rowsOf } from "./rows-of.js";

/** Opens what is no store, or one that somebody else had in hand. */
export async function* openOrdeals({ folder, random, draws }: Ground): AsyncGenerator<Ordeal> {
  await makeGoodExports(folder);
  const good = join(folder, "good.db");
  const place = join(folder, "place");
  const path = join(place, "store.db");
  const rows = rowsOf(good);
  for (const [what, { isStore, make }] of Object.entries(oddStores)) {
    for (const create of [true, false]) {
      clear(place);
      if (isStore) copyStore(good, path);
      make(path);
      yield { what: `opening ${what}, create: ${create}`, face: () => open(path, { create, rows }) };
    }
  }
  const whole = readFileSync(good);
  for (let draw = 0; draw < draws; draw += 1) {
    const { bytes, what } = mutateStore(whole, random);
    clear(place);
    copyStore(good, path);
    writeFileSync(path, bytes);
    const create = random.chance(0.5);
    yield { what: `opening number ${draw}, ${what}`, face: () => open(path, { create, rows }) };
  }
}

function clear(place: string): void {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
}

function copyStore(from: string, to: string): void {
  for (const ending of ["", "-anchor"]) copyFileSync(from + ending, to + ending);
}

/** Opens it: refused, with the folder as it was, or opened, with what was there or a report of damage. */
function open(path: string, { create, rows }: { readonly create: boolean; readonly rows: string }): Outcome {
  const folder = join(path, "..");
  const before = portraitOf(folder);
  let store: Store;
  try {
    store = openStore(path, { create, lockTimeoutMs: 200, durability: "normal" });
  } catch (error) {
    if (!isContextError(error)) throw error;
    const after = portraitOf(folder);
    return after === before
      ? "refused"
      : { wrong: `${error.code}, and the folder changed: ${before} → ${after}` };
  }
  try {
    return look(store, rows);
  } finally {
    store.close();
  }
}

function look(store: Store, rows: string): Outcome {
  try {
    if (!store.verify().isSound) return "refused";
    for (const { id } of store.contexts()) store.find(id)?.clone();
  } catch (error) {
    if (isContextError(error)) return "refused";
    throw error;
  }
  const other = rowsOf(store.location)
    .split("\n")
    // From a lower number than there is, SQLite counts on from what there is.
    .filter((line) => !rows.includes(line) && !line.startsWith("sqlite_sequence "));
  if (other.length === 0) return "right";
  return { wrong: `it was opened and is sound, with other rows in ${other.join(", ")}` };
}

/** The names in a folder, each with what stands there. */
function portraitOf(folder: string): string {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const stats = lstatSync(path);
      if (stats.isSymbolicLink()) return `${name} → ${readlinkSync(path)}`;
      return stats.isFile() ? `${name} ${digestOf(path)}` : `${name} (${stats.mode})`;
    })
    .join(", ");
}

function digestOf(path: string): string {
  return hash("sha256", readFileSync(path), "hex").slice(0, 12);
}
