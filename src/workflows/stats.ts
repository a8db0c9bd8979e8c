import type { KeySize } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { withContext, withLog } from "./read-past.js";
import type { Site } from "./site.js";
import type { Live } from "./workplace.js";

/** How large a context is and how it grew. Bytes are those of JSON texts in UTF-8. */
export interface ContextStats {
  readonly context: string;
  readonly version: number;
  readonly events: number;
  /** All payloads that were ever written. */
  readonly eventBytes: number;
  /** Present persistent values. */
  readonly persistentBytes: number;
  readonly createdAt: number;
  readonly changedAt: number;
  /** Every key ever used, largest first: its present size and how often it changed. */
  readonly keys: readonly KeySize[];
}

/** Measures one context. */
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
      events: sizes.events,
      eventBytes: sizes.eventBytes,
      persistentBytes: persistent.reduce((sum, { bytes }) => sum + bytes, 0),
      createdAt: row?.createdAt ?? 0,
      changedAt: head?.recordedAt ?? 0,
      keys,
    };
  });
}

/** How large a store is. */
export interface StoreStats {
  readonly location: string;
  /** As it lies on the medium, free pages included. */
  readonly bytes: number;
  readonly contexts: number;
}

/** Measures the store. */
export function* storeStats(site: Site): Program<StoreStats> {
  return yield* withLog(site, function* (log) {
    const bytes = yield* wait(log.storeBytes());
    const contexts = yield* wait(log.countContexts());
    return { location: site.engine.location, bytes, contexts };
  });
}
