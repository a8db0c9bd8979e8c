import { type EventRecord, type Scope, valueScopes } from "../core/event.js";
import type { Held } from "../core/value/codec.js";
import { equalValues } from "../core/value/equal.js";
import { findPart } from "../core/value/find-part.js";
import type { ValuePath } from "../core/value/parse-path.js";
import type { Log } from "../engines/engine.js";
import type { Program } from "../program/program.js";
import { EffectReader } from "./effect-reader.js";
import { changesIn, payloadsIn } from "./line.js";
import type { Site } from "./site.js";
import { type Live, nameOf } from "./workplace.js";

/** What a key holds after an event; nothing where it was deleted, or not there yet. */
type Value = Held | undefined;

/** Tells which events changed what is at a path: there, below it, or above it so that it is another now. */
export class PartChanges {
  readonly #reader: EffectReader;
  readonly #log: Log;
  readonly #live: Live;
  readonly #key: string;
  readonly #steps: readonly (string | number)[];
  /** The values last compared, by their events: in either order, the next event is compared with one of them. */
  readonly #compared = new Map<Scope, ReadonlyMap<number, Value>>();

  constructor(site: Site, log: Log, live: Live, [key, ...steps]: ValuePath) {
    this.#reader = new EffectReader(live.line, site.codec);
    this.#log = log;
    this.#live = live;
    this.#key = key;
    this.#steps = steps;
  }

  /** Whether an event changed the part, in either scope. */
  *has(record: EventRecord): Program<boolean> {
    for (const scope of valueScopes) if (yield* this.#hasIn(scope, record)) return true;
    return false;
  }

  *#hasIn(scope: Scope, record: EventRecord): Program<boolean> {
    const { line, state } = this.#live;
    const { sequence } = record;
    const place = { scope, key: this.#key };
    const set = yield* this.#reader.valueSetBy(this.#log, record, place, nameOf(state));
    if (set === undefined) return false;
    const [previous] = yield* changesIn(this.#log, line, place, {
      order: "newest",
      after: sequence,
      limit: 1,
    });
    const before = previous === undefined ? undefined : yield* this.#valueAt(scope, previous);
    this.#compared.set(
      scope,
      new Map([
        [previous ?? 0, before],
        [sequence, set.held],
      ]),
    );
    return !this.#isSame(before, set.held);
  }

  *#valueAt(scope: Scope, sequence: number): Program<Value> {
    const compared = this.#compared.get(scope);
    if (compared?.has(sequence) === true) return compared.get(sequence);
    const { line, state } = this.#live;
    const [event] = yield* payloadsIn(this.#log, line, [sequence]);
    if (event === undefined) return undefined;
    const place = { scope, key: this.#key };
    return (yield* this.#reader.valueSetBy(this.#log, event, place, nameOf(state)))?.held;
  }

  #isSame(before: Value, after: Value): boolean {
    const [one, other] = [before, after].map((held) => held && findPart(held.value, this.#steps));
    if (one === undefined || other === undefined) return one === other;
    return equalValues(one.value, other.value);
  }
}
