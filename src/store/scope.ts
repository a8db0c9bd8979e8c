import { AsyncLocalStorage } from "node:async_hooks";
import { type Attribution, joinAttributions } from "./attribution.js";

/** What every write inside some work has in common: the phase it belongs to, and who does it. */
export interface Scope {
  readonly phase: string | null;
  readonly attribution: Attribution;
}

const outermost: Scope = { phase: null, attribution: {} };
const scopes = new AsyncLocalStorage<Scope>();

/** The scope of whatever runs now, across awaits. */
export function currentScope(): Scope {
  return scopes.getStore() ?? outermost;
}

/** Runs work inside a scope that adds to the present one. */
export function inScope<Result>({ phase, attribution = {} }: Partial<Scope>, work: () => Result): Result {
  const outer = currentScope();
  const inner = {
    phase: phase ?? outer.phase,
    attribution: joinAttributions(outer.attribution, attribution),
  };
  return scopes.run(inner, work);
}
