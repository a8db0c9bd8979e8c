import {
  type Context,
  isContextError,
  type Mode,
  type PhaseOutcome,
  type Store,
} from "../../../src/index.js";
import { nestedPhase, type Outcome, sortedEntries } from "./make-on-model.js";
import { prefix } from "./model-merge.js";
import { makeSimple } from "./simple-on-store.js";
import type { Move, Simple, Single, Step, Strategy } from "./move.js";

/** A store of any engine; `await` fits what it answers, at once or later. */
export type AnyStore = Store<Mode>;
export type AnyContext = Context<Record<string, unknown>, Mode>;

/** What a move may need besides its context. */
export interface Others {
  readonly store: AnyStore;
  readonly id: string;
  readonly from: AnyContext;
  /** Takes a fork that was made. */
  readonly adopt: (fork: AnyContext) => void;
}

/** Makes a move on the real thing, and gives its answer in the words of the model. */
export async function makeOnStore(ctx: AnyContext, step: Step, others: Others): Promise<Outcome> {
  const { actor } = step.at;
  return await outcomeOf(() => perform(actor === undefined ? ctx : ctx.as({ actor }), step, others));
}

async function outcomeOf(work: () => unknown): Promise<Outcome> {
  try {
    return { gave: (await work()) ?? null };
  } catch (error) {
    if (isContextError(error)) return { refused: error.code };
    if (error instanceof Error && error.message === "boom") return { refused: "boom" };
    throw error;
  }
}

async function perform(ctx: AnyContext, { move, at }: Step, others: Others): Promise<unknown> {
  const expecting = at.expected === undefined ? {} : { expectedVersion: ctx.version + at.expected };
  const place: Place = { ctx, others, expecting };
  // The table has for each verb a function that takes moves of that verb.
  const make = (verbs as Partial<Record<Move["verb"], (place: Place, move: Move) => unknown>>)[move.verb];
  if (make !== undefined) return await make(place, move);
  const key = at.once === undefined || move.verb === "append" ? {} : { idempotencyKey: `once ${at.once}` };
  // What is not in the table may also stand in a batch.
  return await makeSimple(ctx, move as Simple, { ...expecting, ...key });
}

interface Place {
  readonly ctx: AnyContext;
  readonly others: Others;
  readonly expecting: { readonly expectedVersion?: number };
}
type Of<Verb extends Move["verb"]> = Extract<Move, { verb: Verb }>;

const verbs: { readonly [Verb in Single["verb"]]: (place: Place, move: Of<Verb>) => unknown } = {
  batch: ({ ctx, expecting }, { moves }) =>
    ctx.batch(() => {
      for (const one of moves) void makeSimple(ctx, one, {});
      return null;
    }, expecting),
  snapshot: async ({ ctx }) => {
    const { reason, version, sequence } = await ctx.snapshot("walk");
    return { reason, version, sequence };
  },
  phaseContext: ({ ctx }) => ctx.phaseContext(),
  restore: ({ ctx, expecting }, move) => restore(ctx, move, expecting),
  threeWay: ({ ctx }, { values, back }) =>
    ctx.merge(values, "threeWay", { base: Math.max(0, ctx.version - back) }),
  phase: ({ ctx }, move) => phase(ctx, move),
  mergePhase: async ({ ctx }, { which, strategy }) => {
    const waiting = await ctx.phases({ status: "unmerged" });
    const chosen = waiting[which % Math.max(1, waiting.length)]?.id ?? "none";
    return toldPhase(await ctx.mergePhase(chosen, strategy, prefixFor(strategy)));
  },
  setLimits: ({ ctx }, { keys }) => ctx.setLimits({ refuse: { keys } }),
  rename: ({ ctx, others }) => ctx.rename(others.id),
  remove: async ({ ctx, others }) => {
    await others.store.delete(ctx.id, { forks: "keep" });
  },
  fork: async ({ ctx, others }, { back }) => {
    const fork = await ctx.fork(others.id, { at: `#${Math.max(1, ctx.sequence - back)}` });
    others.adopt(fork);
    return { sequence: fork.sequence, version: fork.version };
  },
  mergeContext: ({ ctx, others, expecting }, { strategy }) =>
    ctx.merge(others.from, strategy, { ...prefixFor(strategy), ...expecting }),
  redact: async ({ ctx }, { path, present }) => {
    const { values, contexts } = await ctx.redact(path, "walk", { present });
    return { values, contexts: [...contexts].sort() };
  },
  fold: ({ ctx }, { key }) => ctx.replayInto((count: number) => count + 1, 0, { cursor: `count ${key}` }),
  whatIf: async ({ ctx }, { key }) => {
    // In memory, whatever the engine.
    const scratch = await ctx.whatIf();
    scratch.unprotect(key);
    scratch.setLimits({ refuse: { keys: undefined } });
    scratch.set(key, "tried");
    return sortedEntries(scratch.clone());
  },
};

function prefixFor(strategy: Strategy): { prefix?: string } {
  return strategy === "prefixed" ? { prefix } : {};
}

async function restore(
  ctx: AnyContext,
  { to, back, erased }: Extract<Move, { verb: "restore" }>,
  expecting: Place["expecting"],
): Promise<boolean> {
  const options = { erased, ...expecting };
  if (to === "newest") return await ctx.restore(undefined, options);
  const listed = ctx.snapshots();
  const snapshot = to === "snapshot" ? listed[back % Math.max(1, listed.length)] : undefined;
  return await ctx.restore(snapshot ?? { version: Math.max(0, ctx.version - back) }, options);
}

async function phase(ctx: AnyContext, move: Extract<Move, { verb: "phase" }>): Promise<unknown> {
  const { work, strategy } = move;
  const outcome = await ctx.phase(
    "walk",
    async (copy) => {
      const told: Outcome[] = [];
      for (const one of work.meanwhile) told.push(await outcomeOf(() => makeSimple(ctx, one, {})));
      if (work.nested) told.push(await outcomeOf(() => phase(ctx, nestedPhase(move))));
      for (const key of work.removes) delete copy[key];
      for (const [key, value] of work.writes) copy[key] = value;
      if (work.fails) throw new Error("boom");
      return told;
    },
    {
      merge: strategy,
      ...prefixFor(strategy),
      ...(move.once !== undefined && { once: `phase ${move.once}` }),
    },
  );
  return toldPhase(outcome);
}

function toldPhase({ result, written, skipped, version, outcome }: PhaseOutcome<unknown>): unknown {
  return { result, written, skipped, version, outcome };
}
