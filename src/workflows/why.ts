import { parseReference, type Point } from "../core/address.js";
import { ContextError, isContextError } from "../core/errors.js";
import { type EventHeader, valueScopes } from "../core/event.js";
import { writePath } from "../core/value/parse-path.js";
import type { Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { changesIn, type Line, lineOf } from "./line.js";
import { headerIn, type Owned } from "./owned.js";

import { withContext } from "./read-past.js";
import type { Site } from "./site.js";
import { stampAt } from "./view-at.js";
import type { Live } from "./workplace.js";

/**
 * Where the cause of an event leads: to the `event` it names, which comes next; or it says so in `text`, names
 * an event that is `missing`, comes back to an event of the chain (`cycle`), or there is `none`.
 */
export type CauseKind = "event" | "text" | "missing" | "cycle" | "none";

/** An event of a chain of causes. */
export interface Caused {
  readonly event: Owned<EventHeader>;
  readonly cause: CauseKind;
}

/**
 * Finds the chain of causes behind the last change of a key by some point, from the change back.
 * @throws {ContextError} PATH_NOT_FOUND, ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
 */
export function* why(
  site: Site,
  live: Live,
  { key, point }: { readonly key: string; readonly point: Point },
): Program<readonly Caused[]> {
  return yield* withContext(site, live, function* (log, name) {
    const { sequence: upTo } = yield* stampAt(site, log, live, { name, point });
    const change = yield* lastChange(log, live.line, key, upTo);
    const event = change === undefined ? undefined : yield* headerIn(log, live.line, name, change);
    if (event !== undefined) return yield* chainFrom(log, event);
    throw new ContextError("PATH_NOT_FOUND", { context: name, path: writePath([key]) });
  });
}

/** The last event up to another that set or deleted a key, in either scope. */
function* lastChange(log: Log, line: Line, key: string, upTo: number): Program<number | undefined> {
  const numbers: number[] = [];
  for (const scope of valueScopes) {
    const page = { order: "newest", after: upTo + 1, limit: 1 } as const;
    numbers.push(...(yield* changesIn(log, line, { scope, key }, page)));
  }
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

function* chainFrom(log: Log, change: Owned<EventHeader>): Program<readonly Caused[]> {
  const chain: Caused[] = [];
  const seen = new Set<string>();
  for (let event = change; ;) {
    seen.add(placeOf(event));
    const found = yield* follow(log, event);
    if (typeof found === "string") return [...chain, { event, cause: found }];
    if (seen.has(placeOf(found))) return [...chain, { event, cause: "cycle" }];
    chain.push({ event, cause: "event" });
    event = found;
  }
}

function placeOf({ owner, sequence }: Owned<EventHeader>): string {
  return `${sequence} ${owner}`;
}

/** The event that an event's cause names; or what else the cause is. */
function* follow(
  log: Log,
  { cause, owner }: Owned<EventHeader>,
): Program<Owned<EventHeader> | "none" | "text" | "missing"> {
  if (cause === null) return "none";
  const { context = owner, sequence } = readCause(cause) ?? {};
  if (sequence === undefined) return "text";
  const row = yield* wait(log.findContext(context));
  // A sentence may have a number in it without naming an event; ids with spaces in them are rare.
  if (row === undefined) return /\s/.test(context) && !cause.startsWith('"') ? "text" : "missing";
  const line = yield* lineOf(log, row.context);
  return (yield* headerIn(log, line, row.name, sequence)) ?? "missing";
}

/** The event that a cause names, if it is of the form `context#sequence`, or `#sequence` in the same context. */
function readCause(cause: string): { context?: string | undefined; sequence: number } | undefined {
  try {
    const { context, point } = parseReference(cause);
    return point?.kind === "sequence" ? { context, sequence: point.sequence } : undefined;
  } catch (error) {
    if (isContextError(error)) return undefined;
    throw error;
  }
}
