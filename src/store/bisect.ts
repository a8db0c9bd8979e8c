import type { Program } from "../program/program.js";
import { bisect, type Range } from "../workflows/bisect.js";
import type { Site } from "../workflows/site.js";
import type { Live } from "../workflows/workplace.js";
import { checkObject } from "./check-option.js";
import type { ContextEventHeader } from "./context-event.js";
import { type Address, pointOf } from "./point.js";
import { type View, viewOf } from "./view.js";

/** Which versions to look among: all of them unless said otherwise. Both ends belong to the range. */
export interface BisectRange {
  readonly from?: Address;
  readonly to?: Address;
}

/** The first version of which a predicate is true. */
export interface BisectFound<Values extends object = Record<string, unknown>> {
  readonly version: number;
  /** The number of the event that made the version. */
  readonly sequence: number;
  readonly event: ContextEventHeader;
  /** The state as it is from then on. */
  readonly view: View<Values>;
  /** The version before, of which the predicate is not true; undefined where it is true from the start. */
  readonly before: number | undefined;
  /** How many states were looked at. */
  readonly steps: number;
}

/**
 * Takes in where to look.
 * @throws {ContextError} OPTION_INVALID, ADDRESS_INVALID
 */
export function takeRange(range: BisectRange): Range {
  const { from, to = "@latest" } = checkObject("range", range);
  return { from: from === undefined ? undefined : pointOf(from), to: pointOf(to) };
}

/** Finds the first version of which a predicate over views is true. */
export function* bisectBy<Values extends object>(
  site: Site,
  live: Live,
  isTrue: (view: View<Values>) => boolean,
  range: Range,
): Program<BisectFound<Values> | undefined> {
  const turn = yield* bisect(site, live, range, (state) => isTrue(viewOf(state, site.codec)));
  if (turn === undefined) return undefined;
  const { state, before, steps } = turn;
  const view = viewOf<Values>(state, site.codec);
  const { version, event } = view;
  return Object.freeze({ version, sequence: event.sequence, event, view, before, steps });
}
