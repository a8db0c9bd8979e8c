import { ContextError, isContextError } from "../core/errors.js";
import { checkKey } from "../core/names.js";
import { isThenable, letGo } from "../core/thenable.js";
import type { Codec, Taken } from "../core/value/codec.js";
import type { Program } from "../program/program.js";
import { type Fold, foldEvents, foldOn, listCursors } from "../workflows/fold.js";
import type { RecordedEvent } from "../workflows/recorded-event.js";
import type { Site } from "../workflows/site.js";
import type { Live } from "../workflows/workplace.js";
import { checkObject } from "./check-option.js";
import { type ContextEvent, toContextEvent } from "./context-event.js";
import { type Address, pointOf } from "./point.js";

/** How a fold over a history is kept, and how far it goes. */
export interface FoldOptions {
  /** The name under which the result is kept, to go on from at the next call. */
  readonly cursor?: string;
  /** The last event to fold is the last one of this state. Without it, the newest. */
  readonly to?: Address;
}

/** Where a fold has come to. */
export interface Cursor {
  readonly name: string;
  /** The last event that is in its result. */
  readonly sequence: number;
  /** When it was last moved, in ms since the epoch. */
  readonly updatedAt: number;
}

/** A fold as the caller gave it. */
export interface Folding<Result> {
  readonly reducer: (result: Result, event: ContextEvent) => Result;
  readonly initial: Result;
}

/**
 * Folds events as the caller says, with a cursor or without.
 * @throws {ContextError} OPTION_INVALID, VALUE_UNSUPPORTED, ADDRESS_INVALID
 */
export function replayInto<Result>(
  site: Site,
  live: Live,
  folding: Folding<Result>,
  options: FoldOptions,
): Program<Result> {
  const { cursor, to } = checkObject("options", options);
  if (typeof folding.reducer !== "function") throw unfit("reducer", "it is not a function");
  const point = to === undefined ? undefined : pointOf(to);
  if (cursor === undefined) {
    const fold = new CallersFold(folding.reducer, () => folding.initial, site.codec);
    return foldAll(fold, foldEvents(site, live, fold, point));
  }
  const taken = site.codec.take(folding.initial, "initial");
  // A reducer may change what it is given, and after a restart it is given a copy. What was taken comes back as it was.
  const fold = new CallersFold(folding.reducer, () => site.codec.thaw(taken) as Result, site.codec);
  return foldAll(fold, foldOn(site, live, fold, { cursor: checkKey(cursor), to: point }));
}

function* foldAll<Result>(fold: CallersFold<Result>, program: Program<void>): Program<Result> {
  yield* program;
  return fold.result;
}

/** The cursors of a context, as its owner sees them. */
export function* cursorsOf(site: Site, live: Live): Program<readonly Cursor[]> {
  const rows = yield* listCursors(site, live);
  return Object.freeze(
    rows.map(({ name, sequence, updatedAt }) => Object.freeze({ name, sequence, updatedAt })),
  );
}

/** A fold by a function of the caller's. */
class CallersFold<Result> implements Fold {
  result: Result;
  readonly #reducer: Folding<Result>["reducer"];
  readonly #start: () => Result;
  readonly #codec: Codec;

  constructor(reducer: Folding<Result>["reducer"], start: () => Result, codec: Codec) {
    this.#reducer = reducer;
    this.#start = start;
    this.#codec = codec;
    this.result = start();
  }

  begin(kept: string | undefined): void {
    this.result = kept === undefined ? this.#start() : this.#read(kept);
  }

  add(event: RecordedEvent): void {
    const { owner: context, record } = event;
    const shown = toContextEvent(event, this.#codec);
    let result: Result;
    try {
      result = this.#reducer(this.result, shown);
    } catch (cause) {
      throw new ContextError("REDUCER_FAILED", { context, sequence: record.sequence }, { cause });
    }
    if (isThenable(result)) throw refusedPromise(result, record.sequence);
    this.result = result;
  }

  take(): Taken {
    return this.#codec.take(this.result, "result");
  }

  #read(kept: string): Result {
    try {
      // Whoever folds under a name folds the same thing.
      return this.#codec.thaw(this.#codec.read(kept)) as Result;
    } catch (error) {
      if (isContextError(error)) throw error;
      throw unfit("cursor", "what is kept under it is not one of ours; delete it with ctx.deleteCursor(…)");
    }
  }
}

function refusedPromise(promise: PromiseLike<unknown>, sequence: number): ContextError {
  // Its own failure, if any, comes second to this refusal.
  letGo(promise);
  return unfit("reducer", `it returned a promise at event #${sequence}, and must answer at once`);
}

function unfit(option: string, why: string): ContextError {
  return new ContextError("OPTION_INVALID", { option, why });
}
