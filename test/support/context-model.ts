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

/** What a context must be, told in plain maps. */
export class ContextModel {
  persistent = new Map<string, unknown>();
  ephemeral = new Map<string, unknown>();
  readonly protected = new Set<string>();
  /** The persistent keys as they were at each version. */
  readonly versions: ReadonlyMap<string, unknown>[] = [new Map()];

  get version(): number {
    return this.versions.length - 1;
  }

  /** Makes a move; false says that it must be refused. */
  make(move: Move): boolean {
    if ("moves" in move) return this.#batch(move.moves);
    if ("values" in move) return this.#merge(move.verb, move.values);
    switch (move.verb) {
      case "append":
        return this.#write(move.key, [...listOf(this.persistent.get(move.key)), move.value]);
      case "set":
        return this.#write(move.key, move.value);
      case "delete":
        return this.#delete(move.key);
      case "restore":
        return this.#restore(this.versions[Math.max(0, this.version - move.back)]!);
      case "setEphemeral":
      case "clearEphemeral":
        return this.#scribble(move);
      case "protect":
      case "unprotect":
      case "snapshot":
        return this.#mark(move);
    }
  }

  #scribble(move: Extract<Move, { verb: "setEphemeral" | "clearEphemeral" }>): boolean {
    if (move.verb === "clearEphemeral") this.ephemeral.clear();
    else if (this.protected.has(move.key)) return false;
    else this.ephemeral.set(move.key, move.value);
    return true;
  }

  #mark(move: Extract<Move, { verb: "protect" | "unprotect" | "snapshot" }>): boolean {
    if (move.verb === "protect") this.protected.add(move.key);
    if (move.verb === "unprotect") this.protected.delete(move.key);
    return true;
  }

  #write(key: string, value: unknown): boolean {
    if (this.#isGuarded(key) && !same(this.persistent.get(key), value)) return false;
    return this.#change((keys) => keys.set(key, value));
  }

  #delete(key: string): boolean {
    if (this.#isGuarded(key)) return false;
    this.ephemeral.delete(key);
    return this.#change((keys) => keys.delete(key));
  }

  #merge(verb: string, values: Values): boolean {
    const offered = Object.entries(values).map(
      ([key, value]) => [verb === "prefixed" ? `p_${key}` : key, value] as const,
    );
    const names = new Set(offered.map(([key]) => key));
    return this.#change((keys) => {
      if (verb === "replace") {
        for (const key of [...keys.keys()]) if (!names.has(key) && !this.protected.has(key)) keys.delete(key);
      }
      for (const [key, value] of offered) {
        if (keys.has(key) && (this.protected.has(key) || verb === "safe")) continue;
        keys.set(key, value);
      }
    });
  }

  #restore(target: ReadonlyMap<string, unknown>): boolean {
    return this.#change((keys) => {
      for (const key of [...keys.keys()]) if (!target.has(key) && !this.#isGuarded(key)) keys.delete(key);
      for (const [key, value] of target) if (!this.#isGuarded(key)) keys.set(key, value);
    });
  }

  /** All or nothing. */
  #batch(moves: readonly Move[]): boolean {
    const { persistent, ephemeral, version } = this;
    const [scratch, guarded] = [new Map(ephemeral), new Set(this.protected)];
    if (moves.every((move) => this.make(move))) return true;
    this.persistent = persistent;
    this.ephemeral = scratch;
    this.versions.length = version + 1;
    for (const key of [...this.protected]) if (!guarded.has(key)) this.protected.delete(key);
    for (const key of guarded) this.protected.add(key);
    return false;
  }

  /** A change that changes nothing makes no version. */
  #change(change: (keys: Map<string, unknown>) => unknown): true {
    const keys = new Map(this.persistent);
    change(keys);
    if (same([...keys].sort(byKey), [...this.persistent].sort(byKey))) return true;
    this.persistent = keys;
    this.versions.push(keys);
    return true;
  }

  #isGuarded(key: string): boolean {
    return this.protected.has(key) && this.persistent.has(key);
  }
}

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

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
