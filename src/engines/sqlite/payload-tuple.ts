import type { EventPayload } from "../engine.js";
import { expandPayload } from "./compressed-payload.js";
import { payloadCheck } from "./row-check.js";
import type { RowGuard } from "./row-guard.js";

/** An event's payload and stamp, as a list of columns. */
export type PayloadTuple = readonly [
  sequence: number,
  version: number,
  recordedAt: number,
  payload: string,
  check: number | null,
];

/** Reads a payload, which must be as it was written. */
export function payloadOf(tuple: PayloadTuple, context: number, guard: RowGuard): EventPayload {
  const [sequence, version, recordedAt, payload, check] = tuple;
  guard.requireContent(payload, "events", context, sequence);
  const place = { sequence, version, recordedAt };
  guard.compare(check, payloadCheck(context, place, payload), "events", context, sequence);
  return { ...place, payload: expandPayload(payload) };
}
