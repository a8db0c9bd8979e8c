import Database from "better-sqlite3";
import { type Context, openStore } from "durable-context";
import { contextId, storeOfEvents } from "./large-stores.js";
import { median, timeOf } from "./measure.js";
import { perSecond, type Table } from "./table.js";

const events = 100_000;
const page = 1000;

/** Every event read once, oldest first, and applied. */
export async function replay(): Promise<Table> {
  const file = await storeOfEvents(events);
  using store = openStore(file);
  const context = store.context(contextId);
  const database = new Database(file, { readonly: true });
  const rounds = Array.from({ length: 5 }, () => ({
    ours: timeOf(() => checkKeys(foldHistory(context))),
    raw: timeOf(() => checkKeys(foldRows(database))),
  }));
  database.close();
  const ours = median(rounds.map((round) => round.ours));
  const raw = median(rounds.map((round) => round.raw));
  const row = (name: string, ms: number) => [
    name,
    ms.toFixed(0),
    perSecond(ms, events),
    `${(ms / raw).toFixed(2)}x`,
  ];
  return {
    title: `replay: all of ${events.toLocaleString("en")} events, folded into the state`,
    columns: ["", "ms", "events/s", "time / raw"],
    rows: [row("ctx.history, a thousand at a time", ours), row("SELECT and JSON.parse", raw)],
  };
}

type State = Map<string, unknown>;

function foldHistory(context: Context): State {
  const state: State = new Map();
  for (let after = 0; ;) {
    const found = context.history({ after, limit: page });
    for (const { effects } of found) {
      for (const effect of effects) if (effect.op === "set") state.set(effect.key, effect.value);
    }
    if (found.length < page) return state;
    after = found.at(-1)?.sequence ?? 0;
  }
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

function checkKeys(state: State): void {
  if (state.size < 200) throw new Error("A key is missing.");
}
