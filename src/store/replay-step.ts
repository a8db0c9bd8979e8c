import type { Scope } from "../core/event.js";
import type { KeyStep, Moment } from "../core/moment.js";
import { equalValues } from "../core/value/equal.js";
import type { Codec, Held } from "../core/value/codec.js";
import type { RecordedEvent } from "../workflows/recorded-event.js";
import type { Maker } from "../workflows/replay-range.js";
import { type ContextEvent, toContextEvent, toContextEventHeader } from "./context-event.js";
import { View } from "./view.js";

/** What became of one key; a side is absent where the key had no value then. */
export interface KeyChange {
  readonly key: string;
  readonly scope: "persistent" | "ephemeral";
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Where a step stands. */
export interface StepPlace {
  /** The present id of the context that is replayed. */
  readonly context: string;
  readonly event: RecordedEvent;
  /** The event that made the version which the step has reached. */
  readonly maker: Maker;
  readonly codec: Codec;
}

/** One event of a replay, with the state after it. What nobody looks at is not made. */
export class ReplayStep<Values extends object = Record<string, unknown>> {
  /** Whether the event was left out: then it changed nothing. */
  readonly skipped: boolean;
  readonly #place: StepPlace;
  readonly #moment: Moment;
  #event: ContextEvent | undefined;
  #view: View<Values> | undefined;
  #changed: readonly KeyChange[] | undefined;

  /** @internal */
  constructor(place: StepPlace, moment: Moment, skipped: boolean) {
    this.skipped = skipped;
    this.#place = place;
    this.#moment = moment;
  }

  /** The event, as it was recorded. */
  get event(): ContextEvent {
    return (this.#event ??= toContextEvent(this.#place.event, this.#place.codec));
  }

  /** The state after it; however long it is kept, it stays what it is. */
  get view(): View<Values> {
    return (this.#view ??= this.#makeView());
  }

  /** What the step changed, persistent and ephemeral. */
  get changed(): readonly KeyChange[] {
    return (this.#changed ??= Object.freeze(
      this.skipped ? [] : changesOf(this.#moment.steps, this.#place.codec),
    ));
  }

  #makeView(): View<Values> {
    const { context, event, maker, codec } = this.#place;
    const { version, sequence, recordedAt: at } = event.record;
    const made = () => toContextEventHeader({ ...maker.record, owner: maker.owner });
    const keys = (scope: Scope) => this.#moment.keys(scope);
    const standing = () => ({ sequence, version, recordedAt: at, keys });
    return new View<Values>(
      { context, version, sequence, at, event: made, standing },
      new MomentKeys(this.#moment),
      codec,
    );
  }
}

function changesOf(steps: readonly KeyStep[], codec: Codec): KeyChange[] {
  const changes: KeyChange[] = [];
  for (const { scope, key, before, after } of steps) {
    if (scope !== "persistent" && scope !== "ephemeral") continue;
    if (!isChange(before, after)) continue;
    changes.push(
      Object.freeze({
        key,
        scope,
        ...(before !== undefined && { before: codec.share(before) }),
        ...(after !== undefined && { after: codec.share(after) }),
      }),
    );
  }
  return changes;
}

/** An event that meets another state than the one it was recorded on may find its work done. */
function isChange(before: Held | undefined, after: Held | undefined): boolean {
  if (before === undefined || after === undefined) return before !== after;
  return !equalValues(before.value, after.value);
}

/** The persistent keys of a moment, which may be asked long after it has passed. */
class MomentKeys {
  readonly #moment: Moment;

  constructor(moment: Moment) {
    this.#moment = moment;
  }

  get(key: string): Held | undefined {
    return this.#moment.keys("persistent").get(key);
  }

  has(key: string): boolean {
    return this.#moment.keys("persistent").has(key);
  }

  keys(): MapIterator<string> {
    return this.#moment.keys("persistent").keys();
  }

  [Symbol.iterator](): MapIterator<[string, Held]> {
    return this.#moment.keys("persistent")[Symbol.iterator]();
  }
}
