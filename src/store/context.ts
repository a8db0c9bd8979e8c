import type { Command } from "../core/commands/command.js";
import { deleteKey } from "../core/commands/delete.js";
import { changeLimits, changeMetadata } from "../core/commands/describe.js";
import { setKey } from "../core/commands/set.js";
import type { Written } from "../core/commands/update.js";
import { ContextError } from "../core/errors.js";
import type { StrategyName } from "../core/merge/find-strategy.js";
import { checkId, checkKey } from "../core/names.js";
import type { Origin } from "../core/event.js";
import type { PathOption } from "./value-path-option.js";
import type { Mode, Program, Returns } from "../program/program.js";
import { fork } from "../workflows/fork.js";
import { thisContext } from "../workflows/export-contexts.js";
import { prune, type Pruned } from "../workflows/prune/prune.js";
import { redact, type Redaction } from "../workflows/redact.js";
import { merge } from "../workflows/merge.js";
import { mergeContext } from "../workflows/merge-context.js";
import { rename } from "../workflows/manage.js";
import type { Live } from "../workflows/workplace.js";
import { type Attribution, joinAttributions, takeAttribution, unattributed } from "./attribution.js";
import { takeFacts } from "./context-options.js";
import { ContextSnapshots } from "./context-snapshots.js";
import { createDictionary } from "./dictionary.js";
import { type PruneOptions, takePruning } from "./prune-options.js";
import { type RedactOptions, takeRedaction } from "./redact-options.js";
import type { ForkOptions } from "./fork-options.js";
import type { Intake } from "./intake.js";
import { takeLimits, type LimitOptions } from "./limit-options.js";
import { foreignContext, offerOf, sourceOf } from "./merge-offer.js";
import type { MergeOptions } from "./merge-options.js";
import { type Address, pointOf } from "./point.js";
import { openScratch } from "./open-scratch.js";
import type { StoreCore } from "./store-core.js";
import { takeStanding } from "./take-standing.js";
import type { View } from "./view.js";
import type { WriteOptions } from "./write-options.js";

/**
 * One durable dictionary. Every write is an event; what a method returns is what was committed. Reads of
 * the present are answered from memory, as of this store's last write or `refresh()`.
 */
export class Context<
  Values extends object = Record<string, unknown>,
  M extends Mode = "sync",
> extends ContextSnapshots<Values, M> {
  /**
   * The context as a plain dictionary: read, assign, `delete`, `in`, `Object.keys`, spread. Assignments are
   * durable when they return; an engine that answers later refuses them. Values read are frozen.
   */
  readonly data: Partial<Values>;

  /** @internal */
  constructor(core: StoreCore<M>, live: Live, intake: Intake, attribution = unattributed) {
    super(core, live, intake, attribution);
    // The dictionary answers for whatever keys the context has; its type is the context's.
    this.data = createDictionary({
      keys: () => this.keys(),
      has: (key) => this.has(key),
      get: (key) => this.get(key as keyof Values & string),
      set: (key, value) => {
        this.#assign(() => setKey(key, this.intake.take(key, value), { protect: false }));
      },
      delete: (key) => {
        this.#assign(() => deleteKey(checkKey(key)));
      },
    });
  }

  /**
   * The same context for somebody: what is written through this handle carries who does it, and why. Where a
   * call says otherwise, the call is right; handles of a handle add to it.
   * @example const planner = ctx.as({ actor: "planner" }); planner.set("step", 2)
   * @throws {ContextError} OPTION_INVALID
   */
  as(attribution: Attribution): Context<Values, M> {
    const joined = joinAttributions(this.attribution, takeAttribution(attribution));
    return new Context<Values, M>(this.core, this.live, this.intake, joined);
  }

  /**
   * Merges values by a strategy: `safe` only adds keys, `update` also overwrites, `replace` makes the keys
   * exactly these, `prefixed` writes them under a prefix, `threeWay` takes what changed since a base. The
   * values may be another context of this store, such as a fork: `threeWay` then finds the base by itself, and
   * takes over what was deleted there.
   * @throws {ContextError} UNKNOWN_STRATEGY, PREFIX_REQUIRED, BASE_REQUIRED, MERGE_CONFLICT
   */
  merge(values: object, strategy: StrategyName = "safe", options: MergeOptions = {}): Returns<M, Written> {
    const { site } = this.core;
    return this.write(options, (intent, live) => {
      if (!isContext<M>(values))
        return merge(site, live, offerOf(values, strategy, options, this.intake), intent);
      if (values.core !== this.core) throw foreignContext();
      return mergeContext(site, live, sourceOf(values.live, strategy, options, this.intake), intent);
    });
  }

  /**
   * Erases a secret that must go: every recorded value of the key that has something at the path, here and in
   * what was forked from here, and the part itself from the present value and from work of phases that waits to
   * be merged. The event says what was erased and why, and the hashes stay as they are; readers of the past find
   * an `ErasedValue` in its place.
   * @example ctx.redact("config.apiKey", "leaked in a log")
   * @throws {ContextError} PATH_INVALID, KEY_PROTECTED, REDACTION_INHERITED, BATCH_UNSUPPORTED
   */
  redact(path: PathOption, reason: string, options: RedactOptions = {}): Returns<M, Redaction> {
    return this.write(options, ({ origin }, live) =>
      redact(this.core.site, live, takeRedaction(path, reason, options), origin),
    );
  }

  /**
   * Moves old events to a compressed archive beside the store, and goes on from the state that they had made:
   * what is read at or behind it stays as it was, and what lies before it says which archive has it. What
   * snapshots, forks, open phases and merges need stays, and the answer tells of it.
   * @example ctx.prune({ before: "@2026-01-01", keep: { versions: 100 } })
   * @throws {ContextError} ADDRESS_NOT_FOUND, OPTION_INVALID, EXPORT_UNWRITABLE, BATCH_UNSUPPORTED
   */
  prune(options: PruneOptions): Returns<M, Pruned> {
    return this.write(options, ({ origin }, live) => this.#prune(live, options, origin));
  }

  /**
   * Makes a new context that starts as this one is, or was at a point, and goes its own way from there. It
   * shares the history up to that point: its versions go on from there, and `at`, `blame` and `history` reach
   * back. Values, protection, metadata and finished phases come along; snapshots and ephemeral keys do not.
   * @example const twin = ctx.fork("run-42-again", { at: 3 });
   * @throws {ContextError} CONTEXT_EXISTS, ID_INVALID, ADDRESS_NOT_FOUND, BATCH_UNSUPPORTED
   */
  fork(id: string, options: ForkOptions = {}): Returns<M, Context<Values, M>> {
    return this.write(options, ({ origin }, live) => this.#fork(live, checkId(id), options, origin));
  }

  /**
   * A context in memory that begins as this one is, was at a point, or is in a view of a replay: every command
   * can be tried on it, and nothing is written. Its history begins there, so older snapshots are not in it.
   * @throws {ContextError} ADDRESS_NOT_FOUND, OPTION_INVALID
   */
  whatIf(from?: Address | View<Values>): Returns<M, Context<Values>> {
    return this.ask((live) => this.#whatIf(live, from));
  }

  /**
   * Gives the context another id; handles stay valid.
   * @throws {ContextError} CONTEXT_EXISTS, ID_INVALID
   */
  rename(id: string, options: WriteOptions = {}): Returns<M, void> {
    return this.write(options, (intent, live) => rename(this.core.site, live, checkId(id), intent));
  }

  /** Changes metadata, name by name; `undefined` removes one. */
  setMetadata(facts: Readonly<Record<string, unknown>>, options: WriteOptions = {}): Returns<M, void> {
    return this.change(() => changeMetadata(takeFacts(facts, this.core.site.codec)), options);
  }

  /** Changes the context's own limits and warnings; `undefined` removes one, and the store's holds again. */
  setLimits(limits: LimitOptions, options: WriteOptions = {}): Returns<M, void> {
    return this.change(() => changeLimits(takeLimits(limits, this.core.site.codec)), options);
  }

  *#fork(
    live: Live,
    name: string,
    { at = "@latest", metadata = {} }: ForkOptions,
    origin: Origin,
  ): Program<Context<Values, M>> {
    const { site } = this.core;
    const request = { name, point: pointOf(at), metadata: takeFacts(metadata, site.codec) };
    const forked = yield* fork(site, live, request, origin);
    return new Context<Values, M>(this.core, forked, this.intake, this.attribution);
  }

  *#prune(live: Live, options: PruneOptions, origin: Origin): Program<Pruned> {
    const { site } = this.core;
    const request = { ...takePruning(site, options), isLenient: false };
    const [pruned] = yield* prune(site, thisContext(site, live), request, origin);
    if (pruned === undefined) throw new Error("A context was not pruned; this is a bug in durable-context.");
    return pruned;
  }

  *#whatIf(live: Live, from: Address | View<Values> | undefined): Program<Context<Values>> {
    const scratch = openScratch(this.core, yield* takeStanding(this.core.site, live, from));
    return new Context<Values, "sync">(scratch.core, scratch.live, this.intake, this.attribution);
  }

  #assign(command: () => Command<unknown>): void {
    const { engine } = this.core;
    if (engine.mode === "async") {
      throw new ContextError("NOT_SUPPORTED", {
        what: "assignment to ctx.data; use await ctx.set(…)",
        engine: engine.name,
      });
    }
    this.change(command, {});
  }
}

/** Whether values are a context; of another mode, it is of another store, and refused as such. */
function isContext<M extends Mode>(values: object): values is Context<object, M> {
  return values instanceof Context;
}
