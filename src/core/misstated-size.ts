import { valueScopes } from "./event.js";
import { encodedSize } from "./patch/encoded-size.js";
import type { State } from "./state.js";

/**
 * Finds a key whose value has another size than the patches say that made it: a hash covers what they say, but
 * anyone can compute one. Costs the values that stand in the log as changes.
 */
export function misstatedSize({ scopes }: Pick<State, "scopes">): string | undefined {
  for (const scope of valueScopes)
    for (const [key, { value, bytes, chainBytes }] of scopes[scope].entries())
      if (chainBytes > 0 && encodedSize(value) !== bytes) return key;
  return undefined;
}
