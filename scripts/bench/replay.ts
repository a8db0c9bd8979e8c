import Database from "better-sqlite3";
import { type Context, type ContextEvent, openStore } from "durable-context";
import { contextId, storeOfEvents } from "./large-stores.js";
import { median, timeOf } from "./measure.js";
import { perSecond, ratio, type Table } from "./table.js";

const events = 1_000_000;
const page = 1000;
const rounds = 3;

/** Every event read once, oldest first, and applied. */
export async function replay(): Promise<Table> {
  const file = await storeOfEvents(events);
  using store = openStore(file);
  const context = store.context(contextId);
  const database = new Database(file, { readonly: true });
  const ways: Readonly<Record<string, () => number>> = {
    "ctx.replay, event and view of each step": () => walk(context),
    "ctx.replayInto, a fold": () => context.replayInto(apply, new Map<string, unknown>()).size,
    "ctx.events, a fold": () => foldEvents(context).size,
    "SELECT and JSON.parse": () => foldRows(database).size,
  };
  const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
  // By turns, so that a busy machine is busy for all.
  for (let round = 0; round < rounds; round++) {
    for (const [name, fold] of Object.entries(ways)) times.get(name)?.push(timeOf(() => checkKeys(fold())));
  }
  database.close();
  const raw = median(times.get("SELECT and JSON.parse") ?? []);
  const rows = [...times].map(([name, taken]) => {
    const ms = median(taken);
    return [name, ms.toFixed(0), perSecond(ms, events), ratio(ms / raw, 1.3)];
  });
  return {
    title: `replay: all of ${events.toLocaleString("en")} events`,
    columns: ["", "ms", "events/s", "time / raw"],
    rows,
  };
}

type State = Map<string, unknown>;

/** Goes through all steps; gives how many keys the last one has. */
function walk(context: Context): number {
  let keys = 0;
  for (const { event, view } of context.replay()) {
    if (view.sequence !== event.sequence) throw new Error("A step shows another state than its own.");
    if (event.sequence === context.sequence) keys = view.keys().length;
  }
  return keys;
}

function foldEvents(context: Context): State {
  let state: State = new Map();
  for (const event of context.events()) state = apply(state, event);
  return state;
}

function apply(state: State, { effects }: ContextEvent): State {
  for (const { op, key, value } of effects) if (op === "set") state.set(key, value);
  return state;
}

function foldRows(database: Database.Database): State {
  const state: State = new Map();
  const select = database.prepare<[number, number], { sequence: number; payload: string }>(
    `SELECT * FROM events WHERE context = 1 AND sequence > ? ORDER BY sequence LIMIT ?`,
  );
  for (let after = 0; ;) {
    const found = select.all(after, page);
    for (const { payload } of found) {
      // What the library wrote: effects that have a key each, and a value where they set one.
      const { effects } = JSON.parse(payload) as { effects: { op: string; key: string; value: unknown }[] };
      for (const { op, key, value } of effects) if (op === "set") state.set(key, value);
    }
    if (found.length < page) return state;
    after = found.at(-1)?.sequence ?? 0;
  }
}

function checkKeys(keys: number): void {
  if (keys < 200) throw new Error("A key is missing.");
}
