import type { AnyContext } from "./make-on-store.js";
import { prefix } from "./model-merge.js";
import { appended } from "./model-verbs.js";
import type { Simple } from "./move.js";

interface Options {
  readonly expectedVersion?: number;
  readonly idempotencyKey?: string;
}

/** Makes one of the moves that may also stand in a batch. */
export function makeSimple(ctx: AnyContext, move: Simple, options: Options): unknown {
  // The table has for each verb a function that takes moves of that verb.
  const make = verbs[move.verb] as (ctx: AnyContext, move: Simple, options: Options) => unknown;
  return make(ctx, move, options);
}

const verbs: {
  readonly [Verb in Simple["verb"]]: (
    ctx: AnyContext,
    move: Extract<Simple, { verb: Verb }>,
    options: Options,
  ) => unknown;
} = {
  set: (ctx, { key, value }, options) => ctx.set(key, value, options),
  append: (ctx, { key, value }, options) => ctx.edit(key, (list) => appended(list, value), options),
  setEphemeral: (ctx, { key, value }, options) => ctx.setEphemeral(key, value, options),
  delete: (ctx, { key }, options) => ctx.delete(key, options),
  protect: (ctx, { key }, options) => ctx.protect(key, options),
  unprotect: (ctx, { key }, options) => ctx.unprotect(key, options),
  clearEphemeral: (ctx, _, options) => ctx.clearEphemeral(options),
  setMetadata: (ctx, { name, value }, options) => ctx.setMetadata({ [name]: value }, options),
  update: (ctx, { values }, options) => ctx.update(values, options),
  safe: (ctx, { values }, options) => ctx.merge(values, "safe", options),
  overwrite: (ctx, { values }, options) => ctx.merge(values, "update", options),
  replace: (ctx, { values }, options) => ctx.merge(values, "replace", options),
  prefixed: (ctx, { values }, options) => ctx.merge(values, "prefixed", { prefix, ...options }),
};
