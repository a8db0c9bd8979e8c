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
  /** Contexts in use, by the engine's number; all handles of one context share one. */
  readonly lives: Map<number, Live>;
  /** The unit of work whose function is running at this moment, if any. */
  unit: Unit | undefined;
}
