import { ContextError } from "../core/errors.js";
import type { HistoryFilter } from "../workflows/history.js";
import { checkObject, checkText, checkWhole } from "./check-option.js";

/** Which events to read. */
export type HistoryQuery = HistoryFilter;

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
