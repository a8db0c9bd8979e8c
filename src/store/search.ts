import type { Point } from "../core/address.js";
import { ContextError } from "../core/errors.js";
import type { EventType } from "../core/event.js";
import { patternOf } from "../core/search/text-pattern.js";
import type { Program } from "../program/program.js";
import { listContexts } from "../workflows/manage.js";
import type { Site } from "../workflows/site.js";
import {
  type Hit,
  type Search,
  searchHistory,
  searchPresent,
  type SearchScope,
  searchStored,
} from "../workflows/search.js";
import type { Live } from "../workflows/workplace.js";
import { checkObject, checkText, checkWhole } from "./check-option.js";
import { type Address, pointOf } from "./point.js";

/** Where to search, and how long. */
export interface SearchQuery {
  /** The present keys and values, unless `history` asks for all that was ever written. */
  readonly in?: "now" | "history";
  /** Whether the names of keys are searched, also of those inside values: yes, unless said otherwise. */
  readonly keys?: boolean;
  /** Whether what stands under keys is searched: yes, unless said otherwise. */
  readonly values?: boolean;
  /** Only this scope; both unless said otherwise. */
  readonly scope?: SearchScope;
  /** Only what was written behind this point in the history. */
  readonly since?: Address;
  /** Only what was written up to this point. */
  readonly until?: Address;
  /** At most so many hits. */
  readonly limit?: number;
}

/** Where in a store to search. */
export interface StoreSearchQuery extends Omit<SearchQuery, "since" | "until"> {
  /** Only what was written after this time. */
  readonly since?: Date;
  /** Only what was written up to this time. */
  readonly until?: Date;
  /** A pattern for the ids of contexts, as in `store.contexts({ id })`. */
  readonly id?: string;
}

/** A text that was found, where, and which event wrote it. */
export interface SearchHit {
  /** The id of the context; in a history, of the one that recorded it, which a fork inherited it from. */
  readonly context: string;
  readonly scope: SearchScope;
  readonly key: string;
  /** Whether the name of a key was found, or what stands under one. */
  readonly where: "key" | "value";
  /** Leads to it, the key first; to the map, set, error or instance that it is inside of, if it is. */
  readonly path: readonly (string | number)[];
  /** The text that matches; of one longer than 1,000 characters, what lies around the match. */
  readonly value: string;
  readonly version: number;
  readonly sequence: number;
  /** When the event was recorded, in ms since the epoch. */
  readonly at: number;
  readonly actor: string | null;
  readonly type: EventType;
}

/** A search that was taken in: nothing of it can be changed from outside. */
interface TakenSearch extends Search {
  readonly isHistory: boolean;
}

/**
 * Takes in what the caller wants to find.
 * @throws {ContextError} OPTION_INVALID
 */
export function takeSearch(pattern: string | RegExp, query: SearchQuery): TakenSearch {
  const { in: place = "now", keys = true, values = true, scope, limit } = checkObject("query", query);
  checkWhole("limit", limit);
  const where = (["key", "value"] as const).filter((kind) => (kind === "key" ? keys : values));
  if (where.length === 0) throw unfit("values", "neither keys nor values would be searched");
  if (!["now", "history"].includes(place)) throw unfit("in", 'it is neither "now" nor "history"');
  if (scope !== undefined && !allScopes.includes(scope)) {
    throw unfit("scope", 'it is neither "persistent" nor "ephemeral"');
  }
  return {
    pattern: patternOf(pattern),
    where,
    scopes: scope === undefined ? allScopes : [scope],
    since: query.since === undefined ? undefined : pointOf(query.since),
    until: query.until === undefined ? undefined : pointOf(query.until),
    limit: limit ?? Infinity,
    isHistory: place === "history",
  };
}

const allScopes: readonly SearchScope[] = ["persistent", "ephemeral"];

function unfit(option: string, why: string): ContextError {
  return new ContextError("OPTION_INVALID", { option, why });
}

/** Searches one context. */
export function* searchContext(site: Site, live: Live, search: TakenSearch): Program<readonly SearchHit[]> {
  if (search.limit === 0) return [];
  const find = search.isHistory ? searchHistory : searchPresent;
  return (yield* find(site, live, search)).map(toSearchHit);
}

/** Contexts that are listed at once. */
const largestPage = 100;

/**
 * Searches all contexts, in order of their ids; one is in memory at a time.
 * @throws {ContextError} OPTION_INVALID
 */
export function* searchStore(
  site: Site,
  id: string | undefined,
  { isHistory, ...search }: TakenSearch,
): Program<readonly SearchHit[]> {
  checkText("id", id);
  const times = { since: timeOf("since", search.since), until: timeOf("until", search.until) };
  const filter = { id, metadata: {}, changedSince: times.since, changedBefore: undefined, key: undefined };
  const hits: SearchHit[] = [];
  for (let after: string | undefined; ;) {
    const page = yield* listContexts(site, { ...filter, after, limit: largestPage });
    for (const { context } of page) {
      if (hits.length >= search.limit) return hits;
      const missing = { ...search, limit: search.limit - hits.length };
      const found = yield* searchStored(site, context, missing, { ...times, isHistory });
      for (const hit of found) hits.push(toSearchHit(hit));
    }
    if (page.length < largestPage) return hits;
    after = page.at(-1)?.name;
  }
}

/** Versions and snapshots are those of one context; what all have in common is time. */
function timeOf(option: string, point: Point | undefined): number | undefined {
  if (point === undefined) return undefined;
  if (point.kind === "time") return point.time;
  throw unfit(option, "in a whole store, only a time says where to search");
}

function toSearchHit({ context, scope, key, where, path, text: value, event }: Hit): SearchHit {
  const { version, sequence, recordedAt: at, actor, type } = event;
  const hit = { context, scope, key, where, path: Object.freeze(path), value };
  return Object.freeze({ ...hit, version, sequence, at, actor, type });
}
