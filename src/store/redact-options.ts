import { ContextError } from "../core/errors.js";
import type { RedactRequest } from "../workflows/redact.js";
import type { Attribution } from "./attribution.js";
import { checkChoice, checkWellFormed } from "./check-option.js";
import { type PathOption, takePath } from "./value-path-option.js";

/** How values are erased. */
export interface RedactOptions extends Attribution {
  /**
   * What becomes of the present values and of work that waits to be merged: `remove` the part from them, too
   * (default), or `keep` them as they are.
   */
  readonly present?: "remove" | "keep";
}

/**
 * Takes in what is to be erased, and why.
 * @throws {ContextError} PATH_INVALID, OPTION_INVALID
 */
export function takeRedaction(
  path: PathOption,
  reason: string,
  { present = "remove" }: RedactOptions,
): RedactRequest {
  checkWellFormed("reason", reason);
  if (reason === "") throw new ContextError("OPTION_INVALID", { option: "reason", why: "it is empty" });
  checkChoice("present", present, ["remove", "keep"]);
  return { path: takePath(path), reason, keepsPresent: present === "keep" };
}
