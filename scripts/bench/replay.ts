import Database from "better-sqlite3";
import { type Context, openStore } from "durable-context";
import { contextId, storeOfEvents } from "./large-stores.js";
import { median, timeOf } from "./measure.js";
import { ratio, type Table } from "./table.js";

const sizes = [10_000, 1_000_000];
const page = 1000;

/** Every event read once, oldest first, and applied. */
export async function replay(): Promise<Table> {
  const files = await Promise.all(sizes.map(storeOfEvents));
  return {
    title: "replay: all events, applied one after the other, in ms",
    columns: ["events", "ctx.replay", "SELECT and JSON.parse", "time / raw"],
    rows: sizes.map((events, place) => {
      const times = timesOf(files[place] ?? "", 5);
      const [ours, raw] = [median(times.map((time) => time.ours)), median(times.map((time) => time.raw))];
      return [events.toLocaleString("en"), ours.toFixed(0), raw.toFixed(0), ratio(ours / raw, 1.3)];
    }),
  };
}

function timesOf(file: string, rounds: number): { readonly ours: number; readonly raw: number }[] {
  using store = openStore(file);
  const context = store.context(contextId);
  const database = new Database(file, { readonly: true });
  // The first round warms up.
  const times = Array.from({ length: rounds + 1 }, () => ({
    ours: timeOf(() => {
      requireAll(replayAll(context));
    }),
    raw: timeOf(() => {
      requireAll(foldRows(database).size);
    }),
  }));
  database.close();
  return times.slice(1);
}

/** Steps through the whole history, and counts the keys at its end. */
function replayAll(context: Context): number {
  let keys: readonly string[] = [];
  for (const { event, view } of context.replay()) {
    if (event.sequence === context.sequence) keys = view.keys();
  }
  return keys.length;
}

function foldRows(database: Database.Database): ReadonlyMap<string, unknown> {
  const state = new Map<string, unknown>();
  const select = database.prepare<[number, number], { sequence: number; payload: string }>(
    `SELECT * FROM events WHERE context = 1 AND sequence > ? ORDER BY sequence LIMIT ?`,
  );
  for (let after = 0; ;) {
    const found = select.all(after, page);
    for (const { payload } of found) {
      // What the library wrote: effects that have a scope and a key each, and a value where they set one.
      const { effects } = JSON.parse(payload) as {
        effects: { op: string; scope: string; key: string; value: unknown }[];
      };
      for (const { op, scope, key, value } of effects) {
        if (op === "set" && scope === "persistent") state.set(key, value);
      }
    }
    if (found.length < page) return state;
    after = found.at(-1)?.sequence ?? 0;
  }
}

function requireAll(keys: number): void {
  if (keys !== 200) throw new Error(`There are ${keys} keys, not 200.`);
}
