import { ContextError } from "./errors.js";

/**
 * Does something to the file system for the sake of a file that is being made.
 * @throws {ContextError} EXPORT_UNWRITABLE
 */
export function writing<Result>(target: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ContextError("EXPORT_UNWRITABLE", { target, why }, { cause });
  }
}
