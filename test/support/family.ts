import { expect } from "vitest";
import { type ContextEffect, ErasedValue, isContextError } from "../../src/index.js";
import type { AnyContext, AnyStore } from "./each-engine.js";
import type { Move, Strategy, Values } from "./family-moves.js";
import { statesOf, tell } from "./told-states.js";

/** So many contexts at once; a fork beyond that takes the place of the first, which is deleted. */
const mostContexts = 4;
const refusals = ["KEY_PROTECTED", "REDACTION_INHERITED", "VALUE_ERASED", "MERGE_CONFLICT", "BASE_REQUIRED"];

/** A family of contexts, and what was seen of each when it was last allowed to change. */
export class Family {
  readonly store: AnyStore;
  readonly contexts: AnyContext[] = [];
  #names = 0;
  #seen = new Map<AnyContext, string>();

  constructor(store: AnyStore) {
    this.store = store;
  }

  /** A name that is nobody's; now and then one that a deleted context had. */
  freshName(): string {
    this.#names += 1;
    const taken = new Set(this.contexts.map(({ id }) => id));
    const old = `run-${this.#names % 3}`;
    return taken.has(old) ? `run-${this.#names + 2}` : old;
  }

  pick(number: number): AnyContext {
    return this.contexts[number % this.contexts.length]!;
  }

  async add(ctx: AnyContext): Promise<void> {
    this.contexts.push(ctx);
    if (this.contexts.length > mostContexts) await this.remove(this.contexts[0]!);
  }

  async remove(ctx: AnyContext): Promise<void> {
    if (this.contexts.length === 1) return;
    this.contexts.splice(this.contexts.indexOf(ctx), 1);
    await this.store.delete(ctx.id, { forks: "keep" });
  }

  /**
   * Nothing but `changed` differs from what it was when this was last asked; but for ephemeral values, which a fork
   * may see in the events that it shares, and which go when their key does.
   */
  async expectOthersUntouched(changed: ReadonlySet<string>): Promise<void> {
    for (const ctx of this.contexts) {
      const told = JSON.stringify([
        (await ctx.history()).map(({ hash, effects }) => [hash, effects.map(lasting)]),
        tell(ctx),
      ]);
      const before = this.#seen.get(ctx);
      if (before !== undefined && !changed.has(ctx.id)) expect(told).toBe(before);
      this.#seen.set(ctx, told);
    }
  }
}
function lasting(effect: ContextEffect): unknown {
  return effect.scope === "ephemeral" ? { ...effect, value: "(ephemeral)" } : effect;
}

/** Makes a move; gives the ids of the contexts that it may have changed. */
export async function makeMove(family: Family, move: Move): Promise<ReadonlySet<string>> {
  const ctx = family.pick(move.on);
  try {
    return (await perform(family, ctx, move)) ?? new Set([ctx.id]);
  } catch (error) {
    if (!isContextError(error) || !refusals.includes(error.code)) throw error;
    return new Set();
  }
}

type Changed = ReadonlySet<string>;

/** Gives the ids of the contexts that it changed, where that is not just the one. */
async function perform(family: Family, ctx: AnyContext, move: Move): Promise<Changed | undefined> {
  // The table has for each verb a function that takes moves of that verb.
  const make = verbs[move.verb] as (family: Family, ctx: AnyContext, move: Move) => unknown;
  const changed = await make(family, ctx, move);
  return changed instanceof Set ? (changed as Changed) : undefined;
}

const verbs: {
  readonly [Verb in Move["verb"]]: (
    family: Family,
    ctx: AnyContext,
    move: Extract<Move, { verb: Verb }>,
  ) => unknown;
} = {
  set: (_, ctx, { key, value }) => ctx.set(key, value),
  setEphemeral: (_, ctx, { key, value }) => ctx.setEphemeral(key, value),
  delete: (_, ctx, { key }) => ctx.delete(key),
  protect: (_, ctx, { key }) => ctx.protect(key),
  unprotect: (_, ctx, { key }) => ctx.unprotect(key),
  update: (_, ctx, { values }) => ctx.update(values),
  replace: (_, ctx, { values }) => ctx.merge(values, "replace"),
  batch: (_, ctx, { values }) =>
    ctx.batch(() => {
      for (const [name, one] of Object.entries(values)) void ctx.set(name, one);
    }),
  snapshot: (_, ctx) => ctx.snapshot("walk"),
  clearEphemeral: (_, ctx) => ctx.clearEphemeral(),
  phase: (_, ctx) =>
    ctx.phase("walk", (copy) => {
      copy.c = ctx.sequence;
    }),
  rename: (family, ctx) => ctx.rename(family.freshName()),
  remove: (family, ctx) => family.remove(ctx).then(() => new Set()),
  fork: (family, ctx, { back }) => fork(family, ctx, back).then(() => new Set()),
  restore: (_, ctx, { back }) => ctx.restore({ version: Math.max(0, ctx.version - back) }),
  merge: (family, ctx, { from, strategy }) => merge(ctx, family.pick(from), strategy),
  redact: (family, ctx, move) => redact(family, ctx, move),
};

/** A fork starts as its parent was at the point, but for what was erased. */
async function fork(family: Family, ctx: AnyContext, back: number): Promise<void> {
  const sequence = Math.max(1, ctx.sequence - back);
  const point = `#${sequence}`;
  const was = await ctx.at(point);
  const { isProtected } = statesOf(await ctx.history()).get(sequence)!;

  const twin = await ctx.fork(family.freshName(), { at: point });

  expect(twin.sequence).toBe(sequence + 1);
  expect({ ...twin.persistent }).toEqual(
    Object.fromEntries(was.entries().filter(([, one]) => !isErased(one))),
  );
  expect(twin.protectedKeys).toEqual([...isProtected].sort());
  expect(twin.ephemeral).toEqual({});
  await family.add(twin);
}

/** What was merged three ways once is not merged again. */
async function merge(ctx: AnyContext, from: AnyContext, strategy: Strategy): Promise<void> {
  if (ctx === from) return;
  await ctx.merge(from, strategy);
  if (strategy !== "threeWay") return;
  const { written } = await ctx.merge(from, strategy);
  expect(written).toEqual([]);
}

/** Where a redaction went, no recorded value has anything at the path any more. */
async function redact(
  family: Family,
  ctx: AnyContext,
  { path, present }: Extract<Move, { verb: "redact" }>,
): Promise<Changed> {
  const { contexts } = await ctx.redact(path, "walk", { present });
  // An ephemeral value that a persistent one hides is a present one, too.
  const presents = family.contexts.flatMap(({ persistent, ephemeral }) => [
    persistent[path[0]],
    ephemeral[path[0]],
  ]);
  const kept = present === "keep" ? presents.map((value) => JSON.stringify(value)) : [];
  for (const one of family.contexts.filter(({ id }) => contexts.includes(id))) {
    for (const { effects } of await one.history()) {
      for (const effect of effects) {
        if (effect.op !== "set" || effect.key !== path[0] || !isValue(effect.scope)) continue;
        if (!kept.includes(JSON.stringify(effect.value)))
          expect(holds(effect.value, path.slice(1))).toBe(false);
      }
    }
  }
  return new Set(contexts);
}

function isValue(scope: string): boolean {
  return scope === "persistent" || scope === "ephemeral";
}

function holds(value: unknown, [step, ...others]: readonly string[]): boolean {
  if (isErased(value)) return false;
  if (step === undefined) return true;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return false;
  return holds((value as Values)[step], others);
}

function isErased(value: unknown): boolean {
  return value instanceof ErasedValue;
}
