import type { Standing } from "../core/commands/assume.js";
import type { Codec, Held } from "../core/value/codec.js";
import type { PastState } from "../workflows/view-at.js";
import { type ContextEventHeader, toContextEventHeader } from "./context-event.js";
import type { Frozen } from "./frozen.js";
import { type HeldState, heldState, type StateHolder } from "./held-state.js";

/** Where in its context's history a view stands. */
export interface ViewPlace {
  readonly context: string;
  readonly version: number;
  readonly sequence: number;
  /** When the event was recorded, in ms since the epoch. */
  readonly at: number;
  /** The event that made the version: the one the view stands at, unless that changed no data. */
  readonly event: ContextEventHeader;
}

/** The same where a view is made, which may be told of the event when it is asked. */
export interface ViewOrigin extends Omit<ViewPlace, "event"> {
  readonly event: ContextEventHeader | (() => ContextEventHeader);
  /** The whole state, where it is none that the context itself ever had. */
  readonly standing?: () => Standing;
}

/** Keys with what they hold, in order of creation; a map, or something like one. */
export type HeldKeys = Pick<ReadonlyMap<string, Held>, "get" | "has" | "keys" | typeof Symbol.iterator>;

/**
 * A read-only state: persistent keys as they were after one event. Values of the past may no longer fit
 * today's schema, so a typed view promises nothing about them.
 */
export class View<Values extends object = Record<string, unknown>> implements ViewPlace, StateHolder {
  readonly context: string;
  readonly version: number;
  readonly sequence: number;
  readonly at: number;
  readonly #codec: Codec;
  readonly #values: HeldKeys;
  readonly #standing: (() => Standing) | undefined;
  #event: ContextEventHeader | (() => ContextEventHeader);
  #data: Frozen<Partial<Values>> | undefined;

  constructor(place: ViewOrigin, values: HeldKeys, codec: Codec) {
    this.context = place.context;
    this.version = place.version;
    this.sequence = place.sequence;
    this.at = place.at;
    this.#event = place.event;
    this.#standing = place.standing;
    this.#values = values;
    this.#codec = codec;
  }

  /** @internal */
  get [heldState](): HeldState {
    return { values: this.#values, codec: this.#codec };
  }

  /** @internal */
  standing(): Standing | undefined {
    return this.#standing?.();
  }

  get event(): ContextEventHeader {
    if (typeof this.#event === "function") this.#event = this.#event();
    return this.#event;
  }

  /** All keys with their values, frozen; values that freezing does not hold are copies of this view's own. */
  get data(): Frozen<Partial<Values>> {
    // Object.fromEntries makes every key an own one, `__proto__` too; the types are those of the context.
    this.#data ??= Object.freeze(Object.fromEntries(this.entries())) as Frozen<Partial<Values>>;
    return this.#data;
  }

  /** The value of a key, or the fallback where there is none. */
  get<Key extends keyof Values & string>(key: Key): Frozen<Values[Key]> | undefined;
  get<Key extends keyof Values & string, Fallback>(
    key: Key,
    fallback: Fallback,
  ): Frozen<Values[Key]> | Fallback;
  get(key: string, fallback?: unknown): unknown {
    const held = this.#values.get(key);
    return held === undefined ? fallback : this.#codec.share(held);
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  keys(): string[] {
    return [...this.#values.keys()];
  }

  entries(): [string, unknown][] {
    return [...this.#values].map(([key, held]) => [key, this.#codec.share(held)]);
  }
}

/** The view of a state that was read from the log. */
export function viewOf<Values extends object>(
  { context, stamp, event, values }: PastState,
  codec: Codec,
): View<Values> {
  const { version, sequence, recordedAt: at } = stamp;
  const place = { context, version, sequence, at, event: toContextEventHeader(event) };
  return new View<Values>(place, values, codec);
}
