import { type Context, openStore, type Store } from "durable-context";
import { contextId, storeOfEvents } from "./large-stores.js";
import { median, timeOf } from "./measure.js";
import { ratio, type Table, withinMs } from "./table.js";

/** A question that must cost the same however long the history is. */
export interface Question {
  readonly name: string;
  /** The most it may take, in ms, where there is such a goal. */
  readonly goalMs?: number;
  /** How often it is asked of each history. */
  readonly rounds: number;
  /** Asks once. `place` is a number from 0 to 1 that differs from round to round: where in the history. */
  readonly ask: (subject: Subject, place: number) => void;
}

export interface Subject {
  readonly store: Store;
  readonly context: Context;
}

/** The lengths of the histories that are compared. */
const sizes = { short: 10_000, long: 1_000_000 } as const;

/** How much longer anything may take on the long history than on the short one. */
const mostGrowth = 2;

/** Asks questions of a short history and of a long one, by turns. */
export async function bySize(title: string, questions: readonly Question[]): Promise<Table> {
  using shortStore = openStore(await storeOfEvents(sizes.short));
  using longStore = openStore(await storeOfEvents(sizes.long));
  const short = { store: shortStore, context: shortStore.context(contextId) };
  const long = { store: longStore, context: longStore.context(contextId) };
  return {
    title: `${title}, 200 keys, in ms`,
    columns: [
      "",
      `${sizes.short.toLocaleString("en")} events`,
      sizes.long.toLocaleString("en"),
      "slowest",
      "growth",
    ],
    rows: questions.map((question) => row(question, short, long)),
  };
}

function row({ name, goalMs, rounds, ask }: Question, short: Subject, long: Subject): string[] {
  const asked = (subject: Subject, place: number) =>
    timeOf(() => {
      ask(subject, place);
    });
  const all = places(rounds).map((place) => ({ short: asked(short, place), long: asked(long, place) }));
  // The first rounds warm up.
  const times = all.slice(Math.ceil(rounds / 10));
  const [inShort, inLong] = [median(times.map((time) => time.short)), median(times.map((time) => time.long))];
  return [
    name,
    inShort.toFixed(2),
    goalMs === undefined ? inLong.toFixed(2) : withinMs(inLong, goalMs),
    Math.max(...times.map((time) => time.long)).toFixed(2),
    ratio(inLong / inShort, mostGrowth),
  ];
}

/** Numbers from 0 to 1 in a fixed order without a pattern: multiples of the golden ratio. */
function places(count: number): number[] {
  return Array.from({ length: count }, (_, round) => (round * 0.6180339887) % 1);
}
