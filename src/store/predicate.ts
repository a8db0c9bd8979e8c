import { ContextError } from "../core/errors.js";
import { isThenable, letGo } from "../core/thenable.js";
import type { View } from "./view.js";

/**
 * Guards a predicate over states, so that whatever goes wrong in it names the version.
 * @throws {ContextError} PREDICATE_FAILED, OPTION_INVALID
 */
export function guardPredicate<Values extends object>(
  predicate: (view: View<Values>) => unknown,
): (view: View<Values>) => boolean {
  if (typeof predicate !== "function") throw unfit("it is not a function");
  return (view) => {
    const answer = ask(predicate, view);
    if (!isThenable(answer)) return Boolean(answer);
    // Its own failure, if any, comes second to this refusal.
    letGo(answer);
    throw unfit("it returned a promise, which is true whatever it promises; it must answer at once");
  };
}

function unfit(why: string): ContextError {
  return new ContextError("OPTION_INVALID", { option: "predicate", why });
}

function ask<Values extends object>(predicate: (view: View<Values>) => unknown, view: View<Values>): unknown {
  try {
    return predicate(view);
  } catch (cause) {
    const { context, version } = view;
    throw new ContextError("PREDICATE_FAILED", { context, version }, { cause });
  }
}
