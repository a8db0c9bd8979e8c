import { ContextError } from "../core/errors.js";
import { isThenable, letGo } from "../core/thenable.js";

/**
 * Guards a condition against promises, which are always true.
 * @throws {ContextError} OPTION_INVALID
 */
export function conditionOf<Subject>(
  option: string,
  condition: (subject: Subject) => boolean,
): (subject: Subject) => boolean {
  const unfit = (why: string) => new ContextError("OPTION_INVALID", { option, why });
  if (typeof condition !== "function") throw unfit("it is not a function");
  return (subject) => {
    const answer: unknown = condition(subject);
    if (!isThenable(answer)) return Boolean(answer);
    // Its own failure, if any, comes second to this refusal.
    letGo(answer);
    throw unfit("it returned a promise, and must answer at once");
  };
}
