import type { Change } from "../core/change-log.js";
import type { Difference } from "../core/diff/difference.js";
import { ContextError } from "../core/errors.js";
import { checkKey } from "../core/names.js";
import { type Mode, type Program, type Returns, wait } from "../program/program.js";
import { withContext } from "../workflows/read-past.js";
import { lineage, type Lineage } from "../workflows/lineage.js";
import { diff, type Side } from "../workflows/diff.js";
import { deleteCursor } from "../workflows/fold.js";
import { readChanges } from "../workflows/history.js";
import { viewAt } from "../workflows/view-at.js";
import type { Live } from "../workflows/workplace.js";
import { type Blame, blameOf } from "./blame.js";
import { bisectBy, type BisectFound, type BisectRange, takeRange } from "./bisect.js";
import { type AtOptions } from "./at-options.js";
import { checkObject, checkWhole, takeTexts } from "./check-option.js";
import type { ContextEvent } from "./context-event.js";
import { ContextReader } from "./context-reader.js";
import { heldState, isStateHolder, type StateHolder } from "./held-state.js";
import { type Head, type HeadKey, headOf } from "./head.js";
import { type HistoryQuery, takeQuery } from "./history-query.js";
import { type Address, pointOf } from "./point.js";
import { guardPredicate } from "./predicate.js";
import { type EventCursor, readEventPage, readEvents } from "./read-events.js";
import { type Cursor, cursorsOf, type FoldOptions, replayInto } from "./replay-into.js";
import { readReplayPage, type Replay } from "./replay.js";
import { type ReplayQuery, takeReplay } from "./replay-query.js";
import type { ReplayStep } from "./replay-step.js";
import type { Stream } from "./stream.js";
import { searchContext, type SearchHit, type SearchQuery, takeSearch } from "./search.js";
import { type Why, whyOf } from "./why.js";
import { type PathOption, takePath } from "./value-path-option.js";
import { type View, viewOf } from "./view.js";

/** What a context tells of its past, which is read from the log. */
export class ContextPast<Values extends object, M extends Mode> extends ContextReader<Values, M> {
  /**
   * The state at a version, time, event or snapshot. With `keys`, the view has these keys alone, and costs no look
   * at the others.
   * @example ctx.at(17).data; ctx.at("@~3", { keys: ["plan"] }); ctx.at({ snapshot: "before research" })
   * @throws {ContextError} ADDRESS_INVALID, ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS, OPTION_INVALID
   */
  at(address: Address, options: AtOptions<Values> = {}): Returns<M, View<Values>> {
    return this.ask((live) => {
      const { keys } = checkObject("options", options);
      return this.#view(live, address, keys && takeTexts("keys", keys));
    });
  }

  /**
   * How the persistent keys became what they are, or are in a second state: added, removed and changed parts
   * with their paths. Arrays are compared by content, long texts by their words. A state may also be a view or
   * another context, as it is now, of whatever store. Two points of this context cost the keys that differ.
   * @example ctx.diff(3, 9); ctx.diff("@snapshot:before research"); ctx.diff(twin)
   * @throws {ContextError} ADDRESS_INVALID, ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
   */
  diff(from: Address | StateHolder, to: Address | StateHolder = "@latest"): Returns<M, Difference> {
    return this.ask((live) => diff(this.core.site, live, sideOf(from), sideOf(to)));
  }

  /**
   * What has changed since a state, in sum: what {@link diff} tells of it and the newest one.
   * @throws {ContextError} ADDRESS_INVALID, ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
   */
  since(address: Address): Returns<M, Difference> {
    return this.diff(address);
  }

  /**
   * The first version of which a predicate is true, found in as many looks as the range can be halved: true
   * where the range begins is that version, not true where it ends is none. In between, one turn is assumed;
   * if there are more, it is one of them. Versions inside a batch are passed over.
   * @example ctx.bisect((view) => view.get("budget", 0) < 0, { from: "@snapshot:before research" })
   * @throws {ContextError} PREDICATE_FAILED, OPTION_INVALID, ADDRESS_INVALID, ADDRESS_NOT_FOUND
   */
  bisect(
    predicate: (view: View<Values>) => boolean,
    range: BisectRange = {},
  ): Returns<M, BisectFound<Values> | undefined> {
    const { site } = this.core;
    return this.ask((live) => bisectBy(site, live, guardPredicate(predicate), takeRange(range)));
  }

  /**
   * Finds a text, or what a regular expression matches, in keys and values: the present ones in the order of
   * the keys, or, `in: "history"`, all that was ever written, oldest first. Every text that matches is one hit.
   * A regular expression runs as it was given: one that takes forever does so here.
   * @example ctx.search("sk-live-", { in: "history" }); ctx.search(/budget/i, { values: false })
   * @throws {ContextError} OPTION_INVALID
   */
  search(pattern: string | RegExp, query: SearchQuery = {}): Returns<M, readonly SearchHit[]> {
    return this.ask((live) => searchContext(this.core.site, live, takeSearch(pattern, query)));
  }

  /**
   * For every leaf below a path (of all persistent keys, without one), the event that gave it its value: who
   * wrote what is there, when, and why. Elements of arrays are followed by their content, so an insertion at the
   * front does not make the others new; nor does setting a whole key to what is partly the same.
   * @example ctx.blame("plan.steps[3]"); ctx.blame(["plan"], { at: "@snapshot:draft" })
   * @throws {ContextError} PATH_INVALID, PATH_NOT_FOUND, ADDRESS_INVALID, ADDRESS_NOT_FOUND
   */
  blame(path?: PathOption, options: { readonly at?: Address } = {}): Returns<M, readonly Blame[]> {
    return this.ask((live) => {
      const { at = "@latest" } = checkObject("options", options);
      return blameOf(this.core.site, live, path === undefined ? undefined : takePath(path), pointOf(at));
    });
  }

  /**
   * Why a key is what it is: the event of its last change, the event that was its cause, and so on, through
   * whatever contexts of the store. A cause leads on if it is of the form `context#sequence`.
   * @example ctx.why("budget").map(({ event }) => `${event.context}#${event.sequence}`);
   * @throws {ContextError} PATH_NOT_FOUND, KEY_INVALID, ADDRESS_INVALID, ADDRESS_NOT_FOUND
   */
  why(key: keyof Values & string, options: { readonly at?: Address } = {}): Returns<M, readonly Why[]> {
    return this.ask((live) => {
      const { at = "@latest" } = checkObject("options", options);
      return whyOf(this.core.site, live, key, pointOf(at));
    });
  }

  /**
   * The change log: the newest changes of data and protection, oldest first. Without a limit they are 200, or as
   * many as the store's `retention` says; all the others are still there to be asked for.
   * @throws {ContextError} OPTION_INVALID
   */
  changes(options: { readonly limit?: number } = {}): Returns<M, readonly Change[]> {
    return this.ask((live) => {
      const { limit } = checkObject("options", options);
      checkWhole("limit", limit);
      return readChanges(this.core.site, live, limit);
    });
  }

  /**
   * The context's events, oldest first unless asked otherwise; all of them unless limited. Found by `key` or
   * `path` they cost the changes of that key, otherwise all events from where reading begins.
   * @example ctx.history({ path: "plan.steps[3]", actor: "writer", since: "@snapshot:draft", limit: 20 })
   * @throws {ContextError} OPTION_INVALID, PATH_INVALID, ADDRESS_INVALID, ADDRESS_NOT_FOUND
   */
  history(query: HistoryQuery = {}): Returns<M, readonly ContextEvent[]> {
    return this.ask((live) => readEvents(this.core.site, live, takeQuery(query)));
  }

  /**
   * The same events, read page by page as the reader goes on: a long history takes neither time nor memory
   * before it is asked for. Nothing is held open meanwhile, so what is written in between is read as well.
   * @example for (const event of ctx.events({ type: "value_set" })) console.log(event.sequence);
   */
  events(query: HistoryQuery = {}): Stream<M, ContextEvent> {
    return this.stream(() => {
      const search = takeQuery(query);
      return (live, cursor: EventCursor | undefined) => readEventPage(this.core.site, live, search, cursor);
    });
  }

  /**
   * The newest event's hash, which stands for the whole history before it: keep it elsewhere, and later let
   * `store.verify({ head })` tell whether the chain still holds it. With a key, it is signed.
   */
  head(options: { key?: HeadKey } = {}): Returns<M, Head> {
    return this.ask((live) => this.#head(live, checkObject("options", options).key));
  }

  /** Where the context comes from, and what else does: its ancestors, and the whole family of their forks. */
  lineage(): Returns<M, Lineage> {
    return this.ask((live) => lineage(this.core.site, live));
  }

  /**
   * Goes through the history event by event, each step with the state after it and what it changed. Nothing is
   * written: an event that is skipped leaves everything as it was, and what came later is applied, as it was
   * recorded, to the state without it.
   * @example for (const { event, view } of ctx.replay({ until: { key: "budget" } })) console.log(event.type, view.data)
   * @throws {ContextError} OPTION_INVALID, ADDRESS_INVALID, ADDRESS_NOT_FOUND
   */
  replay(query: ReplayQuery<Values> = {}): Stream<M, ReplayStep<Values>> {
    const { site } = this.core;
    return this.stream(() => {
      const plan = takeReplay(query);
      return (live, cursor: Replay<Values> | undefined) => readReplayPage(site, live, plan, cursor);
    });
  }

  *#head(live: Live, key: HeadKey | undefined): Program<Head> {
    return yield* withContext(this.core.site, live, function* (log, context) {
      const event = yield* wait(log.head(live.context));
      if (event === undefined) throw new ContextError("CONTEXT_DELETED", { context });
      return headOf(context, event, key);
    });
  }

  /**
   * Folds the events of the context, oldest first, into whatever one likes. With a `cursor`, the result is kept
   * in the store under that name together with how far it reaches, and the next call, in another process or
   * after a restart too, goes on from there: each event is in it exactly once.
   * @example ctx.replayInto((count, event) => count + event.effects.length, 0, { cursor: "effects" })
   * @throws {ContextError} REDUCER_FAILED, OPTION_INVALID, VALUE_UNSUPPORTED where a result that is to be kept
   *   cannot be, ADDRESS_INVALID, ADDRESS_NOT_FOUND, BATCH_UNSUPPORTED
   */
  replayInto<Result>(
    reducer: (result: Result, event: ContextEvent) => Result,
    initial: Result,
    options: FoldOptions = {},
  ): Returns<M, Result> {
    return this.ask((live) => replayInto(this.core.site, live, { reducer, initial }, options));
  }

  /** The cursors that {@link replayInto} keeps for this context, by name. */
  cursors(): Returns<M, readonly Cursor[]> {
    return this.ask((live) => cursorsOf(this.core.site, live));
  }

  /** Forgets a cursor and its result, so that the next fold of that name begins anew; tells whether it was there. */
  deleteCursor(name: string): Returns<M, boolean> {
    return this.ask((live) => deleteCursor(this.core.site, live, checkKey(name)));
  }

  *#view(live: Live, address: Address, keys: readonly string[] | undefined): Program<View<Values>> {
    const { site } = this.core;
    return viewOf<Values>(yield* viewAt(site, live, pointOf(address), keys), site.codec);
  }
}

function sideOf(given: Address | StateHolder): Side {
  return isStateHolder(given) ? { values: given[heldState].values } : { point: pointOf(given) };
}
