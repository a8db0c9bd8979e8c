import { isContextError } from "../../src/index.js";
import type { AnyContext } from "./each-engine.js";

/** One thing that a walk does to a context. Values are plain JSON, so that the model stays plain. */
export type Move =
  | Of<"set" | "append" | "setEphemeral", { readonly key: string; readonly value: unknown }>
  | Of<"update" | "safe" | "overwrite" | "replace" | "prefixed", { readonly values: Values }>
  | Of<"delete" | "protect" | "unprotect", { readonly key: string }>
  | Of<"clearEphemeral" | "snapshot", object>
  | { readonly verb: "restore"; readonly back: number }
  | { readonly verb: "batch"; readonly moves: readonly Move[] };

type Values = Readonly<Record<string, unknown>>;
type Of<Verb extends string, Rest> = Verb extends string ? Rest & { readonly verb: Verb } : never;

/** Makes a move on a context; false says that it was refused as protected. */
export async function makeMove(ctx: AnyContext, move: Move): Promise<boolean> {
  try {
    await perform(ctx, move);
    return true;
  } catch (error) {
    if (isContextError(error, "KEY_PROTECTED")) return false;
    throw error;
  }
}

function perform(ctx: AnyContext, move: Move): unknown {
  // The table has for each verb a function that takes moves of that verb.
  const make = verbs[move.verb] as (ctx: AnyContext, move: Move) => unknown;
  return make(ctx, move);
}

const verbs: {
  readonly [Verb in Move["verb"]]: (ctx: AnyContext, move: Extract<Move, { verb: Verb }>) => unknown;
} = {
  set: (ctx, { key, value }) => ctx.set(key, value),
  append: (ctx, { key, value }) => ctx.edit(key, (list) => [...listOf(list), value]),
  setEphemeral: (ctx, { key, value }) => ctx.setEphemeral(key, value),
  clearEphemeral: (ctx) => ctx.clearEphemeral(),
  delete: (ctx, { key }) => ctx.delete(key),
  protect: (ctx, { key }) => ctx.protect(key),
  unprotect: (ctx, { key }) => ctx.unprotect(key),
  snapshot: (ctx) => ctx.snapshot("walk"),
  restore: (ctx, { back }) => ctx.restore({ version: Math.max(0, ctx.version - back) }),
  update: (ctx, { values }) => ctx.update(values),
  safe: (ctx, { values }) => ctx.merge(values, "safe"),
  overwrite: (ctx, { values }) => ctx.merge(values, "update"),
  replace: (ctx, { values }) => ctx.merge(values, "replace"),
  prefixed: (ctx, { values }) => ctx.merge(values, "prefixed", { prefix: "p_" }),
  batch: (ctx, { moves }) =>
    ctx.batch(() => {
      for (const inner of moves) void perform(ctx, inner);
    }),
};

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
