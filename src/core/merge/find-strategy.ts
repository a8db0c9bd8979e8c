import { ContextError } from "../errors.js";
import * as strategies from "./index.js";
import type { MergeStrategy } from "./strategy.js";

/** The names of the merge strategies. */
export type StrategyName = keyof typeof strategies;

const known: ReadonlyMap<string, MergeStrategy> = new Map(Object.entries(strategies));

/**
 * Gives the strategy of a name; names are case-sensitive.
 * @throws {ContextError} UNKNOWN_STRATEGY
 */
export function getStrategy(name: string): MergeStrategy {
  const strategy = known.get(name);
  if (strategy === undefined) {
    throw new ContextError("UNKNOWN_STRATEGY", {
      strategy: typeof name === "string" ? name : `(${typeof name})`,
      known: [...known.keys()],
    });
  }
  return strategy;
}
