import { ContextError } from "../core/errors.js";
import { checkFunction } from "./check-option.js";
import { isThenable, letGo } from "../core/thenable.js";

/**
 * Guards a function that must finish at once, because it runs inside the write lock.
 * @throws {ContextError} OPTION_INVALID; WORK_ASYNCHRONOUS when it returns a promise
 */
export function synchronously<Arguments extends unknown[], Result>(
  verb: string,
  work: (...given: Arguments) => Result,
): (...given: Arguments) => Result {
  checkFunction("work", work);
  return (...given) => {
    const result = work(...given);
    if (!isThenable(result)) return result;
    // Its own failure, if any, comes second to this refusal.
    letGo(result);
    throw new ContextError("WORK_ASYNCHRONOUS", { verb });
  };
}
