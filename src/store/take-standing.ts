import type { Standing } from "../core/commands/assume.js";
import { ContextError } from "../core/errors.js";
import type { Program } from "../program/program.js";
import type { Site } from "../workflows/site.js";
import { standingAt } from "../workflows/what-if.js";
import { type Live, nameOf } from "../workflows/workplace.js";
import { type Address, pointOf } from "./point.js";
import { View } from "./view.js";

/**
 * The state that a what-if is to begin with: the newest one, one at an address, or that of a view, which may be
 * a state that the context never had.
 * @throws {ContextError} OPTION_INVALID for a view of another context, ADDRESS_INVALID, ADDRESS_NOT_FOUND
 */
export function* takeStanding(
  site: Site,
  live: Live,
  from: Address | View<never> | undefined,
): Program<Standing> {
  if (!(from instanceof View))
    return yield* standingAt(site, live, from === undefined ? undefined : pointOf(from));
  const { context, sequence } = from;
  const own = nameOf(site.unit?.stateOf(live) ?? live.state);
  if (context !== own) {
    const why = `it is a view of context ${JSON.stringify(context)}, which has to be asked itself`;
    throw new ContextError("OPTION_INVALID", { option: "from", why });
  }
  return from.standing() ?? (yield* standingAt(site, live, { kind: "sequence", sequence }));
}
