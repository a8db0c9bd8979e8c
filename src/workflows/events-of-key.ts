import type { EventRecord, Scope } from "../core/event.js";
import type { Log } from "../engines/engine.js";
import type { Program } from "../program/program.js";
import { changesIn, eventAt, type Line } from "./line.js";

/** Most numbers of events asked for at once. */
const largestPage = 500;

/** Which events of a key to read; pages begin as small as what is wanted. */
export interface KeyPage {
  readonly key: string;
  /** Where something may be done to the key. */
  readonly scopes: readonly Scope[];
  readonly order: "oldest" | "newest";
  readonly after: number | undefined;
  readonly wanted: number;
}

/** Reads the events that did something to a key, found by the key index, until the visitor gives false. */
export function* eachEventOf(
  log: Log,
  line: Line,
  { key, scopes, order, after, wanted }: KeyPage,
  visit: (record: EventRecord) => Program<boolean>,
): Program<void> {
  let limit = Math.min(wanted, largestPage);
  const direction = order === "oldest" ? 1 : -1;
  for (let last = after; ; limit = Math.min(limit * 4, largestPage)) {
    const numbers = new Set<number>();
    for (const scope of scopes) {
      const page = { order, after: last, limit };
      for (const sequence of yield* changesIn(log, line, { scope, key }, page)) numbers.add(sequence);
    }
    const next = [...numbers].sort((a, b) => direction * (a - b)).slice(0, limit);
    for (const sequence of next) {
      const record = yield* eventAt(log, line, sequence);
      if (record !== undefined && !(yield* visit(record))) return;
    }
    if (next.length < limit) return;
    last = next.at(-1);
  }
}
