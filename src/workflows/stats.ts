import type { EventType } from "../core/event.js";
import type { ContextSize, EventKindSize, EventSize, KeySize, Log, StoreSizes } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { prunable } from "./prunable.js";
import { withContext, withLog } from "./read-past.js";
import type { Site } from "./site.js";
import type { Live } from "./workplace.js";

/** How events are spread over their types and ages. Bytes are those of payloads as they are stored, in UTF-8. */
export interface EventSpread extends EventSize {
  /** The largest first. */
  readonly byType: readonly (EventSize & { readonly type: EventType })[];
  /** By how long ago they were recorded: within a day, a week or 30 days, or before. */
  readonly byAge: readonly (EventSize & { readonly age: EventAge })[];
  /**
   * About what it would free to prune everything that is older than the oldest state anything refers to: a listed
   * snapshot, a fork, work that waits to be merged, or else the present. Where values are compressed it is more.
   */
  readonly prunableBytes: number;
}
export type EventAge = (typeof ages)[number]["age"];

/** How large a context is and how it grew. Bytes are those of JSON texts in UTF-8; of events, as they are stored. */
export interface ContextStats extends EventSpread {
  readonly context: string;
  readonly version: number;
  /** Present persistent values. */
  readonly persistentBytes: number;
  readonly createdAt: number;
  readonly changedAt: number;
  /** Every key ever used, largest first: its present size, how often it changed, and what events hold of it. */
  readonly keys: readonly KeySize[];
}

/** Measures one context, whose events are read once for it. */
export function* contextStats(site: Site, live: Live): Program<ContextStats> {
  return yield* withContext(site, live, function* (log, context) {
    const sizes = yield* wait(log.sizes(live.context));
    const head = yield* wait(log.head(live.context));
    const [row] = yield* wait(log.lineage(live.context));
    const keys = sizes.keys.filter(({ scope }) => scope === "persistent" || scope === "ephemeral");
    const persistent = keys.filter(({ scope }) => scope === "persistent");
    return {
      context,
      version: head?.version ?? 0,
      ...(yield* spreadOf(log, site.host.now(), live.context)),
      prunableBytes: yield* prunable(log, live.context),
      persistentBytes: persistent.reduce((sum, { bytes }) => sum + bytes, 0),
      createdAt: row?.createdAt ?? 0,
      changedAt: head?.recordedAt ?? 0,
      keys,
    };
  });
}

/** How large a store is, as it lies on the medium, and what is in it. */
export interface StoreStats extends StoreSizes, EventSpread {
  readonly location: string;
  readonly contexts: number;
  /** The 20 that keep the most; one that was deleted and is kept for its forks has no name. */
  readonly byContext: readonly ContextSize[];
}

const mostContexts = 20;

/** Measures the store: its pages, its events, and the present keys of each context, one after another. */
export function* storeStats(site: Site): Program<StoreStats> {
  return yield* withLog(site, function* (log) {
    const sizes = yield* wait(log.storeSizes());
    const contexts = yield* wait(log.countContexts());
    const spread = yield* spreadOf(log, site.host.now());
    const byContext = yield* wait(log.contextSizes(mostContexts));
    let prunableBytes = 0;
    for (const { context, keptSequence } of yield* wait(log.everyContext()))
      if (keptSequence === null) prunableBytes += yield* prunable(log, context);
    return { location: site.engine.location, ...sizes, contexts, ...spread, prunableBytes, byContext };
  });
}

const day = 24 * 60 * 60 * 1_000;

const ages = [
  { age: "day", days: 1 },
  { age: "week", days: 7 },
  { age: "month", days: 30 },
  { age: "older", days: Infinity },
] as const;

function* spreadOf(log: Log, now: number, context?: number): Program<Omit<EventSpread, "prunableBytes">> {
  const [first, second, third] = ages;
  const times = [now - first.days * day, now - second.days * day, now - third.days * day] as const;
  const kinds = yield* wait(log.eventSizes(context, times));
  const types = [...new Set(kinds.map(({ type }) => type))];
  return {
    ...sizeOf(kinds),
    byType: types
      .map((type) => ({ type, ...sizeOf(kinds.filter((kind) => kind.type === type)) }))
      .sort((a, b) => b.eventBytes - a.eventBytes),
    byAge: ages.map(({ age }, index) => ({ age, ...sizeOf(kinds.filter((kind) => kind.age === index)) })),
  };
}

function sizeOf(kinds: readonly EventKindSize[]): EventSize {
  return {
    events: kinds.reduce((sum, { events }) => sum + events, 0),
    eventBytes: kinds.reduce((sum, { eventBytes }) => sum + eventBytes, 0),
  };
}
