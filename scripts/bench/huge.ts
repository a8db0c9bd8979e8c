import { existsSync, statSync } from "node:fs";
import Database from "better-sqlite3";
import { type Context, openStore, type Store } from "durable-context";
import { atMost } from "./finding.js";
import { inFolder } from "./folder.js";
import { contextId, storeOfContextsWithEvents } from "./large-stores.js";
import { median, timeOf } from "./measure.js";
import { megabytes, ratio, type Table } from "./table.js";

const eventsOfEach = 10_000;
const rounds = 200;
const mostGrowth = 2;
const mostBytes = 1.6;

/** Questions to one context of a store, alone in its file or one of a thousand with as many events. */
export async function huge({ events }: { readonly events: number }): Promise<Table> {
  const [oneFile, manyFile] = [
    await storeOfContextsWithEvents(1, eventsOfEach),
    await storeOfContextsWithEvents(events / eventsOfEach, eventsOfEach),
  ];
  using one = openStore(oneFile);
  using many = openStore(manyFile);
  const measured = Object.entries(questions).map(([name, ask]) => ({ name, ...byTurns(one, many, ask) }));
  const bytes = { ours: fileBytes(manyFile), plain: plainBytes(manyFile) };
  const contexts = `${events.toLocaleString("en")} events, ${(events / eventsOfEach).toLocaleString("en")} contexts`;
  return {
    title: `huge: ${contexts}, in ms`,
    columns: ["", `${eventsOfEach.toLocaleString("en")} events`, events.toLocaleString("en"), "growth"],
    rows: [
      ...measured.map(({ name, inOne, inMany }) => [
        name,
        inOne.toFixed(3),
        inMany.toFixed(3),
        ratio(inMany / inOne, mostGrowth),
      ]),
      [
        "the file, beside a plain table of events",
        megabytes(bytes.plain),
        megabytes(bytes.ours),
        ratio(bytes.ours / bytes.plain, mostBytes),
      ],
    ],
    findings: [
      ...measured.map(({ name, inOne, inMany }) =>
        atMost({
          work: `${contexts}: ${name}`,
          value: inMany / inOne,
          goal: mostGrowth,
          unit: "x of 10,000 events",
        }),
      ),
      atMost({
        work: `${contexts}: file`,
        value: bytes.ours / bytes.plain,
        goal: mostBytes,
        unit: "x a plain event table",
      }),
    ],
  };
}

const questions: Readonly<Record<string, (store: Store, id: string, place: number) => void>> = {
  open: (store, id) => {
    using context = store.context(id);
    requireKeys(context);
  },
  "at(v)": (store, id, place) => {
    using context = store.context(id);
    if (Object.keys(context.at(400 + Math.floor(place * 9000)).data).length < 200)
      throw new Error("A key is missing.");
  },
  "change log": (store, id) => {
    using context = store.context(id);
    if (context.changes().length < 200) throw new Error("A change is missing.");
  },
};

function requireKeys(context: Context): void {
  if (context.keys().length < 200) throw new Error("A key is missing.");
}

/** Asks both by turns, each time another context of those there are. */
function byTurns(
  one: Store,
  many: Store,
  ask: (store: Store, id: string, place: number) => void,
): { inOne: number; inMany: number } {
  const contexts = many.stats().contexts;
  const times = Array.from({ length: rounds }, (_, round) => {
    const place = (round * 0.6180339887) % 1;
    const other = Math.floor(((round * 0.7548776662) % 1) * contexts);
    const asked = (store: Store, id: string) =>
      timeOf(() => {
        ask(store, id, place);
      });
    return { inOne: asked(one, `${contextId}-0`), inMany: asked(many, `${contextId}-${other}`) };
  }).slice(rounds / 10);
  return {
    inOne: median(times.map(({ inOne }) => inOne)),
    inMany: median(times.map(({ inMany }) => inMany)),
  };
}

function fileBytes(file: string): number {
  return [file, `${file}-anchor`]
    .filter((name) => existsSync(name))
    .reduce((sum, name) => sum + statSync(name).size, 0);
}

/** What the same events take in one table with one unique index, which is all that an event table needs. */
function plainBytes(file: string): number {
  return inFolder((folder) => {
    const plain = `${folder}/plain.db`;
    const database = new Database(plain);
    database.pragma("journal_mode = OFF");
    database.pragma("synchronous = OFF");
    database.exec(
      `CREATE TABLE events (position INTEGER PRIMARY KEY, context INTEGER NOT NULL, sequence INTEGER NOT NULL,
         version INTEGER NOT NULL, type TEXT NOT NULL, payload TEXT NOT NULL, actor TEXT,
         recorded_at INTEGER NOT NULL, UNIQUE (context, sequence)) STRICT`,
    );
    database.prepare("ATTACH ? AS store").run(file);
    database.exec(
      `INSERT INTO main.events SELECT position, context, sequence, version, type, payload, actor, recorded_at
       FROM store.events ORDER BY position`,
    );
    database.exec("DETACH store");
    database.close();
    return statSync(plain).size;
  });
}
