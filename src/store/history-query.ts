import { ContextError } from "../core/errors.js";
import type { EventType } from "../core/event.js";
import type { ValuePath } from "../core/value/parse-path.js";
import type { HistoryFilter } from "../workflows/history.js";
import { checkObject, checkText, checkWhole, takeTexts } from "./check-option.js";
import { conditionOf } from "./condition.js";
import type { ContextEvent } from "./context-event.js";
import { type Address, pointOf } from "./point.js";
import { type PathOption, takePath } from "./value-path-option.js";

/** Which events to read, how many, and in which order. An event has to fit all that is said. */
export interface HistoryQuery {
  /** Only events that set, deleted, protected or unprotected this key. */
  readonly key?: string;
  /** Only events that changed what is at this path: there, below it, or above it so that it became another. */
  readonly path?: PathOption;
  /** Only events of this type, or of one of these. */
  readonly type?: EventType | readonly EventType[];
  readonly actor?: string;
  readonly cause?: string;
  /** Only events of runs of this phase, by its name, or of one run, by its id. */
  readonly phase?: string;
  /** Only events behind this point in the history. */
  readonly since?: Address;
  /** Only events up to this point, with the last one before it. */
  readonly until?: Address;
  /** Only events for which this is true; it must answer at once. */
  readonly where?: (event: ContextEvent) => boolean;
  /** `oldest` first, or `newest` first. */
  readonly order?: "oldest" | "newest";
  /** Goes on behind the event of this number, in the order asked for. */
  readonly after?: number;
  /** At most so many; without it, all. */
  readonly limit?: number;
}

/** A query as it was taken in. */
export interface EventSearch {
  readonly filter: HistoryFilter;
  readonly where: ((event: ContextEvent) => boolean) | undefined;
  readonly limit: number;
}

/**
 * Takes in which events the caller wants.
 * @throws {ContextError} OPTION_INVALID, PATH_INVALID, ADDRESS_INVALID
 */
export function takeQuery(query: HistoryQuery): EventSearch {
  const { key, path, type, actor, cause, phase, since, until, where, after } = checkObject("query", query);
  const { order = "oldest", limit = Infinity } = query;
  for (const [option, given] of Object.entries({ key, actor, cause, phase })) checkText(option, given);
  for (const [option, given] of Object.entries({ after, limit: query.limit })) checkWhole(option, given);
  if (!["oldest", "newest"].includes(order)) throw unfit("order", 'it is neither "oldest" nor "newest"');
  return {
    filter: {
      ...{ key, actor, cause, phase, order, after },
      path: given(path, (whole) => pathOf(whole, key)),
      types: given(type, typesOf),
      since: given(since, pointOf),
      until: given(until, pointOf),
    },
    where: given(where, (condition) => conditionOf("where", condition)),
    limit,
  };
}

/** Takes in an option where it is given. */
function given<Option, Taken>(
  option: Option | undefined,
  take: (option: Option) => Taken,
): Taken | undefined {
  return option === undefined ? undefined : take(option);
}

function pathOf(option: PathOption, key: string | undefined): ValuePath {
  const path = takePath(option);
  if (key === undefined || key === path[0]) return path;
  throw unfit("key", "the path begins with another one");
}

/**
 * Takes in one type or several.
 * @throws {ContextError} OPTION_INVALID
 */
export function typesOf(type: EventType | readonly EventType[]): readonly EventType[] {
  // A caller without types may pass anything; a text that is no type is that of no event.
  return takeTexts("type", typeof type === "string" ? [type] : type) as readonly EventType[];
}

function unfit(option: string, why: string): ContextError {
  return new ContextError("OPTION_INVALID", { option, why });
}
