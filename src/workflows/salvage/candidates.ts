/**
 * Puts together again what is left of a damaged store. What was found is taken for true only where hashes prove
 * it; nothing here knows files.
 */
import { parsePayload, erasedDigest } from "../../core/payload.js";
import type { FoundEvent, Remains } from "../../engines/engine.js";

/** Everything that was found, by its place; several events may claim one place. */
export class Candidates {
  readonly #events: readonly FoundEvent[];
  readonly #byPlace = new Map<string, FoundEvent[]>();
  readonly #bySequence = new Map<number, FoundEvent[]>();
  readonly #byContext = new Map<number, FoundEvent[]>();
  readonly #placed = new Set<string>();
  /** The positions and hashes of the events that have found their place. */
  readonly placedPositions = new Set<number>();
  readonly placedHashes = new Set<string>();

  constructor({ events, anchor }: Pick<Remains, "events" | "anchor">) {
    // What lies behind the last commit was acknowledged only if the anchor, which is written later, knows of it.
    this.#events = distinct(
      events.filter(({ isCommitted, position }) => isCommitted || position <= (anchor?.position ?? 0)),
    );
    for (const event of this.#events) {
      push(this.#byPlace, `${event.context} ${event.record.sequence}`, event);
      push(this.#bySequence, event.record.sequence, event);
      push(this.#byContext, event.context, event);
    }
  }

  /** The numbers under which contexts have events. */
  get contexts(): readonly number[] {
    return [...this.#byContext.keys()].sort((a, b) => a - b);
  }

  /** What claims a place: erased forms first, since to erase is the last that is done to an event. */
  at(context: number, sequence: number): readonly FoundEvent[] {
    const found = this.#byPlace.get(`${context} ${sequence}`) ?? [];
    return found.length < 2 ? found : [...found].sort((a, b) => erasedIn(b) - erasedIn(a));
  }

  /** Events of this number, in whatever context, that have found no place. */
  strays(sequence: number): readonly FoundEvent[] {
    return (this.#bySequence.get(sequence) ?? []).filter((event) => !this.isPlaced(event));
  }

  /** All events under the number of a context. */
  of(context: number): readonly FoundEvent[] {
    return this.#byContext.get(context) ?? [];
  }

  /** Notes that an event has found its place, and with it all other copies of it. */
  place(event: FoundEvent): void {
    this.#placed.add(keyOf(event));
    this.placedPositions.add(event.position);
    this.placedHashes.add(event.record.hash);
  }

  isPlaced(event: FoundEvent): boolean {
    return this.#placed.has(keyOf(event));
  }

  /** What has found no place, one of each. */
  get unplaced(): readonly FoundEvent[] {
    const left = this.#events.filter((event) => !this.isPlaced(event));
    const best = new Map<string, FoundEvent>();
    for (const event of left) {
      const other = best.get(keyOf(event));
      if (other === undefined || erasedIn(event) > erasedIn(other)) best.set(keyOf(event), event);
    }
    return [...best.values()].sort((a, b) => a.context - b.context || a.record.sequence - b.record.sequence);
  }
}

function keyOf({ context, record: { sequence, hash } }: FoundEvent): string {
  return `${context} ${sequence} ${hash}`;
}

/** Leaves out what was found twice, as pages that were read both in the log and in the database bring it. */
function distinct(events: readonly FoundEvent[]): readonly FoundEvent[] {
  const seen = new Map<string, FoundEvent[]>();
  return events.filter((event) => {
    const others = seen.get(keyOf(event)) ?? [];
    if (others.some((other) => isSame(event, other))) return false;
    push(seen, keyOf(event), event);
    return true;
  });
}

function isSame(one: FoundEvent, other: FoundEvent): boolean {
  return one.position === other.position && JSON.stringify(one.record) === JSON.stringify(other.record);
}

function erasedIn({ record: { payload, sequence } }: FoundEvent): number {
  try {
    const { effects } = parsePayload(payload, { context: "", sequence });
    return effects.filter((effect) => erasedDigest(effect) !== undefined).length;
  } catch {
    return -1;
  }
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
