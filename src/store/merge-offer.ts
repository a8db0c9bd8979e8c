import { ContextError } from "../core/errors.js";
import { getStrategy } from "../core/merge/find-strategy.js";
import type { MergeRequest } from "../workflows/merge.js";
import type { ContextMerge } from "../workflows/merge-context.js";
import type { Live } from "../workflows/workplace.js";
import { checkText } from "./check-option.js";
import type { Intake } from "./intake.js";
import type { MergeOptions } from "./merge-options.js";
import { pointOf } from "./point.js";

/** Takes in what a merge offers; the strategy checks what it needs before anything is looked at. */
export function offerOf(
  values: object,
  name: string,
  { prefix, base }: MergeOptions,
  intake: Intake,
): MergeRequest {
  const strategy = getStrategy(name);
  checkText("prefix", prefix);
  strategy.check({ prefix, hasBase: base !== undefined });
  const offered = intake.takeAll(values, (key) => strategy.rename(key, prefix));
  return { strategy, prefix, offered, removed: [], base: base === undefined ? undefined : pointOf(base) };
}

/** What of another context a merge is to take. */
export function sourceOf(
  from: Live,
  name: string,
  { prefix, base }: MergeOptions,
  intake: Intake,
): ContextMerge {
  const strategy = getStrategy(name);
  checkText("prefix", prefix);
  strategy.check({ prefix, hasBase: true });
  if (base !== undefined) {
    const why = "the base of two contexts is found by itself";
    throw new ContextError("OPTION_INVALID", { option: "base", why });
  }
  return { from, strategy, prefix, accept: (key, taken) => intake.conformed(key, taken) };
}

/** The refusal of a context that lives elsewhere. */
export function foreignContext(): ContextError {
  const why = "it is a context of another store; merge its data";
  return new ContextError("OPTION_INVALID", { option: "values", why });
}
