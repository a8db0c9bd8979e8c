import type { Point } from "../core/address.js";
import { share } from "../core/value/copy.js";
import type { ValuePath } from "../core/value/parse-path.js";
import type { Program } from "../program/program.js";
import { blame } from "../workflows/blame.js";
import type { Site } from "../workflows/site.js";
import type { Live } from "../workflows/workplace.js";
import { type ContextEventHeader, toContextEventHeader } from "./context-event.js";

/**
 * A part of a value that has no parts of its own (a scalar, an empty container, or what is no plain object or
 * array), and the event that gave it the value it has.
 */
export interface Blame {
  readonly path: ValuePath;
  readonly value: unknown;
  readonly event: ContextEventHeader;
}

/** Blames as their owner sees them, in document order: keys in the order of their creation. */
export function* blameOf(
  site: Site,
  live: Live,
  path: ValuePath | undefined,
  point: Point,
): Program<readonly Blame[]> {
  const blamed = yield* blame(site, live, { path, point });
  return blamed.map(({ path: place, value, event }) =>
    Object.freeze({ path: Object.freeze(place), value: share(value), event: toContextEventHeader(event) }),
  );
}
