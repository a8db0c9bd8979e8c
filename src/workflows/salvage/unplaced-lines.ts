import type { EventRecord } from "../../core/event.js";
import { writeEvent } from "../../core/export-format.js";
import { isJson } from "../../core/is-json.js";
import type { Workplace } from "../workplace.js";
import type { ContextRecovery, Findings } from "./account.js";
import type { ErasedPlaces } from "./erase-again.js";
import { isLinked } from "./store-stream.js";

/**
 * Writes the events that were found and could not be put in their place, one a line, to be read by people: an
 * event whose `follows` is true is proven to follow from the one before it, whatever became of that.
 */
export function unplacedLines(
  { host }: Workplace,
  { remains, candidates, deleted }: Findings,
  recoveries: readonly ContextRecovery[],
  erased: ErasedPlaces,
): readonly string[] {
  const names = new Map(recoveries.map(({ context, name }) => [context, name]));
  const lines = candidates.unplaced
    .filter(({ context }) => !deleted.has(context))
    .map((event) => {
      const { context, record } = event;
      const follows = isLinked(event, candidates, host.digest);
      const place = { context: names.get(context) ?? null, number: context, follows };
      return `${JSON.stringify(place).slice(0, -1)},${tell(context, record, erased)}`;
    });
  if (lines.length === 0) return [];
  return [JSON.stringify({ "durable-context": "unplaced", format: 1, source: remains.source }), ...lines];
}

/** A payload that is no JSON any more is told as a text, unless something in it had been erased. */
function tell(context: number, record: EventRecord, erased: ErasedPlaces): string {
  if (isJson(record.payload)) return writeEvent(erased.erase(context, record)).slice(1);
  const payload = erased.touches(context, record) ? null : record.payload;
  return writeEvent({ ...record, payload: JSON.stringify(payload) }).slice(1);
}
