import type { Point } from "../core/address.js";
import { checkKey } from "../core/names.js";
import type { Program } from "../program/program.js";
import type { Site } from "../workflows/site.js";
import { type CauseKind, why } from "../workflows/why.js";
import type { Live } from "../workflows/workplace.js";
import { type ContextEventHeader, toContextEventHeader } from "./context-event.js";

/** An event in a chain of causes; the text of its own cause is `event.cause`. */
export interface Why {
  readonly event: ContextEventHeader;
  /**
   * What its cause is: the `event` that comes next in the chain; `text`, which only people understand; a
   * reference to an event that is `missing`; one back into the chain, a `cycle`; or there is `none`.
   */
  readonly cause: CauseKind;
}

/** The chain of causes as its reader sees it. */
export function* whyOf(site: Site, live: Live, key: string, point: Point): Program<readonly Why[]> {
  const chain = yield* why(site, live, { key: checkKey(key), point });
  return chain.map(({ event, cause }) => Object.freeze({ event: toContextEventHeader(event), cause }));
}
