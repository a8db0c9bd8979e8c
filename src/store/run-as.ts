import { type Attribution, takeAttribution } from "./attribution.js";
import { checkFunction } from "./check-option.js";
import { inScope } from "./scope.js";

/**
 * Runs work whose writes all carry who does it, and why: of whichever context and store, and across awaits.
 * Inner scopes add to outer ones. More specific words come first: those of the call, then those of the handle
 * (`ctx.as`), then those of the innermost `runAs`, `batch` or `phase`, then those of the store; tags add up
 * in the same order.
 * @example await runAs({ actor: "planner", tags: { request: "r-1" } }, async () => { … })
 * @throws {ContextError} OPTION_INVALID
 */
export function runAs<Result>(attribution: Attribution, work: () => Result): Result {
  checkFunction("work", work);
  return inScope({ attribution: takeAttribution(attribution) }, work);
}
