/**
 * The verbs, each written once as a program over the engine port. Nothing here knows an engine, a clock or
 * a promise; only programs of this folder wait.
 */
import type { Engine } from "../engines/engine.js";
import type { Unit } from "./unit.js";
import type { Live, Workplace } from "./workplace.js";

/** What every verb works with: a store at work. */
export interface Site extends Workplace {
  readonly engine: Engine;
  readonly lives: Lives;
  /** The unit of work whose function is running at this moment, if any. */
  unit: Unit | undefined;
}

/** The contexts in use; all handles of one context share one state. Who uses which is the store's affair. */
export interface Lives {
  /** Finds the state in memory of a context, by the engine's number. */
  readonly find: (context: number) => Live | undefined;
}

/** Finds a context in use: also one that nobody holds any more, but the unit under way has changed. */
export function liveOf({ unit, lives }: Site, context: number): Live | undefined {
  return unit?.liveOf(context) ?? lives.find(context);
}
