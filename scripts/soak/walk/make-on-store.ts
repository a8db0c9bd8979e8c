import {
  type Context,
  isContextError,
  type Mode,
  type MergeOptions,
  type PhaseOutcome,
  type Store,
} from "../../../src/index.js";
import { nestedPhase, type Outcome, sortedEntries } from "./make-on-model.js";
import { prefix } from "./model-merge.js";
import { appended } from "./model-verbs.js";
import type { Circumstances, Move, Simple, Step, Strategy } from "./move.js";

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
export async function makeOnStore(ctx: AnyContext, { move, at }: Step, others: Others): Promise<Outcome> {
  return await outcomeOf(() =>
    perform(at.actor === undefined ? ctx : ctx.as({ actor: at.actor }), move, at, others),
  );
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

async function perform(ctx: AnyContext, move: Move, at: Circumstances, others: Others): Promise<unknown> {
  const expecting = at.expected === undefined ? {} : { expectedVersion: ctx.version + at.expected };
  switch (move.verb) {
    case "batch":
      await ctx.batch(() => {
        for (const one of move.moves) void simple(ctx, one, {});
      }, expecting);
      return null;
    case "snapshot": {
      const { reason, version, sequence } = await ctx.snapshot("walk");
      return { reason, version, sequence };
    }
    case "phaseContext":
      return await ctx.phaseContext();
    case "restore":
      return await restore(ctx, move, expecting);
    case "threeWay":
      return await ctx.merge(move.values, "threeWay", { base: Math.max(0, ctx.version - move.back) });
    case "phase":
      return await phase(ctx, move);
    case "mergePhase": {
      const waiting = await ctx.phases({ status: "unmerged" });
      const chosen = waiting[move.which % Math.max(1, waiting.length)]?.id ?? "none";
      return toldPhase(await ctx.mergePhase(chosen, move.strategy, prefixFor(move.strategy)));
    }
    default:
      return await performOther(ctx, move, at, others, expecting);
  }
}

type Expecting = Pick<MergeOptions, "expectedVersion">;

async function performOther(
  ctx: AnyContext,
  move: Exclude<
    Move,
    { verb: "batch" | "snapshot" | "phaseContext" | "restore" | "threeWay" | "phase" | "mergePhase" }
  >,
  at: Circumstances,
  { store, id, from, adopt }: Others,
  expecting: Expecting,
): Promise<unknown> {
  switch (move.verb) {
    case "setLimits":
      return await ctx.setLimits({ refuse: { keys: move.keys } });
    case "rename":
      return await ctx.rename(id);
    case "remove":
      return void (await store.delete(ctx.id, { forks: "keep" }));
    case "fork": {
      const fork = await ctx.fork(id, { at: `#${Math.max(1, ctx.sequence - move.back)}` });
      adopt(fork);
      return { sequence: fork.sequence, version: fork.version };
    }
    case "mergeContext":
      return await ctx.merge(from, move.strategy, { ...prefixFor(move.strategy), ...expecting });
    case "redact": {
      const { values, contexts } = await ctx.redact(move.path, "walk", { present: move.present });
      return { values, contexts: [...contexts].sort() };
    }
    case "fold":
      return await ctx.replayInto((count: number) => count + 1, 0, { cursor: `count ${move.key}` });
    case "whatIf": {
      const scratch = await ctx.whatIf();
      await scratch.unprotect(move.key);
      await scratch.setLimits({ refuse: { keys: undefined } });
      await scratch.set(move.key, "tried");
      return sortedEntries(scratch.clone());
    }
    default: {
      const key =
        at.once === undefined || move.verb === "append" ? {} : { idempotencyKey: `once ${at.once}` };
      return await simple(ctx, move, { ...expecting, ...key });
    }
  }
}

function prefixFor(strategy: Strategy): { prefix?: string } {
  return strategy === "prefixed" ? { prefix } : {};
}

/** The moves that may also stand in a batch. */
function simple(
  ctx: AnyContext,
  move: Simple,
  options: { expectedVersion?: number; idempotencyKey?: string },
): unknown {
  switch (move.verb) {
    case "set":
      return ctx.set(move.key, move.value, options);
    case "append":
      return ctx.edit(move.key, (list) => appended(list, move.value), options);
    case "setEphemeral":
      return ctx.setEphemeral(move.key, move.value, options);
    case "delete":
      return ctx.delete(move.key, options);
    case "protect":
      return ctx.protect(move.key, options);
    case "unprotect":
      return ctx.unprotect(move.key, options);
    case "clearEphemeral":
      return ctx.clearEphemeral(options);
    case "setMetadata":
      return ctx.setMetadata({ [move.name]: move.value }, options);
    case "update":
      return ctx.update(move.values, options);
    case "safe":
    case "replace":
      return ctx.merge(move.values, move.verb, options);
    case "overwrite":
      return ctx.merge(move.values, "update", options);
    case "prefixed":
      return ctx.merge(move.values, "prefixed", { prefix, ...options });
  }
}

async function restore(
  ctx: AnyContext,
  { to, back, erased }: Extract<Move, { verb: "restore" }>,
  expecting: Expecting,
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
      for (const one of work.meanwhile) told.push(await outcomeOf(() => simple(ctx, one, {})));
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
