import { ContextError } from "../core/errors.js";
import type { Codec } from "../core/value/codec.js";
import type { ContextFilter, ContextListing } from "../engines/engine.js";
import type { Program } from "../program/program.js";
import { listContexts } from "../workflows/manage.js";
import type { Site } from "../workflows/site.js";
import { checkObject, checkText, checkWhole } from "./check-option.js";

/** Which contexts to list. */
export interface ContextQuery {
  /** A pattern for the id: `*` is any text, `?` one character, `[a-z]` one of a range. */
  readonly id?: string;
  /** Metadata that must have these very values. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Only contexts that have this persistent key. */
  readonly key?: string;
  /** Bounds on the time of the last event: at or after, and before. */
  readonly changedSince?: Date | number;
  readonly changedBefore?: Date | number;
  /** Goes on behind this id. */
  readonly after?: string;
  readonly limit?: number;
}

/** A context as a listing shows it. Times are in ms since the epoch. */
export interface ContextInfo {
  readonly id: string;
  readonly version: number;
  readonly events: number;
  readonly keys: number;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Lists contexts as their owner sees them. */
export function* listInfos(site: Site, query: ContextQuery): Program<readonly ContextInfo[]> {
  const { changedSince, changedBefore } = checkQuery(query);
  const { metadata = {} } = query;
  const listings = yield* listContexts(site, {
    id: query.id,
    metadata: Object.fromEntries(
      Object.entries(checkObject("metadata", metadata)).map(([name, value]) => [
        name,
        site.codec.take(value, name).text,
      ]),
    ),
    key: query.key,
    changedSince,
    changedBefore,
    after: query.after,
    limit: query.limit ?? Number.MAX_SAFE_INTEGER,
  });
  return listings.map((listing) => toInfo(listing, site.codec));
}

/** The bounds on time that a query names, once all it says is checked. */
function checkQuery(query: ContextQuery): Pick<ContextFilter, "changedSince" | "changedBefore"> {
  const { id, key, after, limit, changedSince, changedBefore } = checkObject("query", query);
  for (const [option, given] of Object.entries({ id, key, after })) checkText(option, given);
  checkWhole("limit", limit);
  return {
    changedSince: timeOf("changedSince", changedSince),
    changedBefore: timeOf("changedBefore", changedBefore),
  };
}

function timeOf(option: string, given: Date | number | undefined): number | undefined {
  if (given === undefined) return undefined;
  const time = given instanceof Date ? given.getTime() : given;
  if (typeof time === "number" && !Number.isNaN(time)) return time;
  throw new ContextError("OPTION_INVALID", { option, why: "it is no time" });
}

function toInfo(listing: ContextListing, codec: Codec): ContextInfo {
  const { name: id, version, sequence: events, keys, createdAt, changedAt, metadata } = listing;
  const facts: Record<string, unknown> = Object.fromEntries(
    Object.entries(metadata).map(([key, text]) => [key, codec.share(codec.read(text))]),
  );
  return Object.freeze({
    id,
    version,
    events,
    keys,
    createdAt,
    changedAt,
    metadata: Object.freeze(facts),
  });
}
