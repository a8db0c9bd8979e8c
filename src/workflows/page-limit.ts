import type { EventPayload } from "../engines/engine.js";

/** Events read at once; bounds memory, not results. */
export const largestPage = 500;

/** Characters of payloads to read at once, as far as that can be told from those before. */
const mostPageCharacters = 4 * 2 ** 20;

/** How many events to read next, after a full page: more and more, but no more than fit into some memory. */
export function nextLimit(limit: number, records: readonly EventPayload[]): number {
  const characters = records.reduce((sum, { payload }) => sum + payload.length, 0);
  const fitting = Math.floor((mostPageCharacters * records.length) / characters);
  return Math.max(1, Math.min(limit * 4, largestPage, fitting));
}
