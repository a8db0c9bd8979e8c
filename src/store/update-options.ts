import { ContextError } from "../core/errors.js";
import { checkKey } from "../core/names.js";
import { checkObject, takeTexts } from "./check-option.js";
import type { WriteOptions } from "./write-options.js";

/** What may be said beside setting many keys. */
export interface UpdateOptions<Values extends object> extends WriteOptions {
  /** Keys that go in the same event, where they are there. */
  readonly remove?: readonly (keyof Values & string)[];
}

/**
 * The keys that an update is to remove, each of them once.
 * @throws {ContextError} OPTION_INVALID, KEY_INVALID
 */
export function takeRemoved(
  options: { readonly remove?: readonly string[] },
  offered: ReadonlyMap<string, unknown>,
): readonly string[] {
  const { remove = [] } = checkObject("options", options);
  const keys = new Set(takeTexts("remove", remove).map((key) => checkKey(key)));
  if (![...keys].some((key) => offered.has(key))) return [...keys];
  throw new ContextError("OPTION_INVALID", { option: "remove", why: "it names a key that is set as well" });
}
