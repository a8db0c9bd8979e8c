import { ContextError } from "./errors.js";
import { type EventDraft, valueScopes } from "./event.js";
import type { State } from "./state.js";

/** Sizes of one context. Bytes are those of the encoded JSON text, in UTF-8. */
export interface Limits {
  /** Of any one value, persistent or ephemeral. */
  readonly valueBytes?: number;
  /** Of all persistent values together. */
  readonly contextBytes?: number;
  /** How many persistent keys. */
  readonly keys?: number;
}
export type LimitName = keyof Limits;
export const limitNames: readonly LimitName[] = ["valueBytes", "contextBytes", "keys"];

/** What a write may not pass, and what it is told on passing. */
export interface LimitRules {
  readonly refuse: Limits;
  readonly warn: Limits;
}

/** A size that a write took past what was to be warned of. */
export interface LimitWarning {
  readonly limit: LimitName;
  readonly allowed: number;
  readonly actual: number;
  readonly key?: string;
}

/** The limits of a context: its own, where it has any, else the store's. */
export function limitsOf(state: State, defaults: LimitRules): LimitRules {
  if (state.scopes.limit.size === 0) return defaults;
  return {
    refuse: { ...defaults.refuse, ...ownLimits(state, "refuse") },
    warn: { ...defaults.warn, ...ownLimits(state, "warn") },
  };
}

/** The name under which a context keeps a limit of its own. */
export function limitKey(kind: keyof LimitRules, name: LimitName): string {
  return `${kind}.${name}`;
}

/**
 * Refuses a write that makes something larger than allowed; what is too large already may still shrink.
 * @throws {ContextError} LIMIT_EXCEEDED
 */
export function enforceLimits(
  refuse: Limits,
  context: string,
  before: State,
  after: State,
  draft: EventDraft,
): void {
  const breach = passed(refuse, before, after, draft)[0];
  if (breach === undefined) return;
  throw new ContextError("LIMIT_EXCEEDED", { context, ...breach });
}

/** The limits that a write took the context past: below or at them before, above them after. */
export function passed(
  limits: Limits,
  before: State,
  after: State,
  draft: EventDraft,
): readonly LimitWarning[] {
  const warnings: LimitWarning[] = [];
  const { valueBytes, contextBytes, keys } = limits;
  if (valueBytes !== undefined) warnings.push(...largeValues(valueBytes, draft));
  if (contextBytes !== undefined && after.persistentBytes > Math.max(contextBytes, before.persistentBytes)) {
    warnings.push({ limit: "contextBytes", allowed: contextBytes, actual: after.persistentBytes });
  }
  const [had, has] = [before.scopes.persistent.size, after.scopes.persistent.size];
  if (keys !== undefined && has > Math.max(keys, had)) {
    warnings.push({ limit: "keys", allowed: keys, actual: has });
  }
  return warnings;
}

/** Only what the caller stores is a value; what the store keeps beside that, of whatever size, is not. */
function largeValues(allowed: number, draft: EventDraft): LimitWarning[] {
  return draft.effects.flatMap((effect): LimitWarning[] =>
    (effect.op === "set" || effect.op === "patch") &&
    valueScopes.includes(effect.scope) &&
    effect.held.bytes > allowed
      ? [{ limit: "valueBytes", allowed, actual: effect.held.bytes, key: effect.key }]
      : [],
  );
}

function ownLimits(state: State, kind: keyof LimitRules): Limits {
  const own = limitNames.map((name) => [name, state.scopes.limit.get(limitKey(kind, name))?.value] as const);
  return Object.fromEntries(own.filter(([, value]) => typeof value === "number"));
}
