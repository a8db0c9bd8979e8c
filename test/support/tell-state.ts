import type { State } from "../../src/core/state.js";

/** A state with the entries of its scopes spread out, in their order, so that two can be compared. */
export function tellState({ scopes, ...rest }: State): unknown {
  const entries = Object.entries(scopes).map(([scope, keys]) => [scope, [...keys.entries()]]);
  return { ...rest, scopes: entries };
}
