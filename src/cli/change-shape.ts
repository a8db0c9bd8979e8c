import type { Change } from "../index.js";
import { isoTime } from "./iso-time.js";
import type { ChangeShape } from "./json-event-shapes.js";
import type { LogRow } from "./log-rows.js";

/** A change as documents show it. */
export function changeShape({ operation, version, sequence, at, ...rest }: Change): ChangeShape {
  const { actor, cause, phase, details } = rest;
  return { operation, version, sequence, at: isoTime(at), actor, cause, phase, details };
}

/** A change as a line of the log; which keys it touched stands in its details, under either name. */
export function changeRow({ sequence, version, operation, at, actor, phase, details }: Change): LogRow {
  const named = [details.key, details.keys].flat();
  const keys = named.filter((key): key is string => typeof key === "string");
  return { sequence, version, at, what: operation, keys, actor, phase };
}
