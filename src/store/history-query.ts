import { ContextError } from "../core/errors.js";
import type { EventType } from "../core/event.js";
import type { HistoryFilter } from "../workflows/history.js";
import { checkObject, checkText, checkWhole } from "./check-option.js";

/** Which events to read. */
export interface HistoryQuery {
  /** Only events that set, deleted, protected or unprotected this key. */
  readonly key?: string;
  readonly type?: EventType;
  readonly order?: "oldest" | "newest";
  /** Goes on behind the event of this number, in the order asked for. */
  readonly after?: number;
  readonly limit?: number;
}

/**
 * Takes in which events the caller wants.
 * @throws {ContextError} OPTION_INVALID
 */
export function takeQuery(query: HistoryQuery): HistoryFilter {
  const { key, type, order, after, limit } = checkObject("filter", query);
  checkText("key", key);
  checkText("type", type);
  checkWhole("after", after);
  checkWhole("limit", limit);
  if (order !== undefined && !["oldest", "newest"].includes(order)) {
    throw new ContextError("OPTION_INVALID", {
      option: "order",
      why: 'it is neither "oldest" nor "newest"',
    });
  }
  return { ...query };
}
