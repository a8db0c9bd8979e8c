import { ContextError } from "../core/errors.js";
import type { Engine } from "../engines/engine.js";
import { type Mode, type Program, type Returns, runAtOnce, wait } from "../program/program.js";
import type { Site } from "../workflows/site.js";
import type { Unit } from "../workflows/unit.js";
import { type Live, nameOf, type StoreWarning } from "../workflows/workplace.js";
import type { ContextsInUse } from "./contexts-in-use.js";
import type { Announced } from "./announced-engine.js";
import { LogNews } from "./log-news.js";
import type { TurnEnd } from "./turn-end.js";
import { WriteQueue } from "./write-queue.js";
import type { Attribution } from "./attribution.js";

/** A site whose contexts in use are counted. */
type CoreSite = Site & { readonly lives: ContextsInUse };

/** What all nouns of one open store share. */
export class StoreCore<M extends Mode> {
  readonly engine: Engine<M>;
  readonly site: CoreSite;
  readonly attribution: Attribution;
  readonly listeners: Set<(warning: StoreWarning) => void>;
  readonly news: LogNews;
  readonly #commitListeners: Set<() => void>;
  readonly #turn: TurnEnd;
  /** The queues that something is in. */
  readonly #queues = new Map<Live, WriteQueue>();
  /** Lets go of what handles held that nobody has any more. */
  readonly #dropped = new FinalizationRegistry<Live>((live) => {
    this.release(live);
  });
  /** What an engine that answers later has in hand, in the order of the calls; closing waits for it. */
  readonly #writes = new Set<Promise<unknown>>();
  readonly #otherWork = new Set<Promise<unknown>>();
  isClosed = false;

  constructor(
    { engine, turn }: Announced<M>,
    site: CoreSite,
    attribution: Attribution,
    listeners: Set<(warning: StoreWarning) => void>,
    commitListeners: Set<() => void>,
  ) {
    this.engine = engine;
    this.site = site;
    this.attribution = attribution;
    this.listeners = listeners;
    this.#commitListeners = commitListeners;
    this.#turn = turn;
    this.news = new LogNews(engine);
    this.onCommit(() => this.news.tell());
  }

  /** Runs the program that `begin` makes of what the caller gave; on an engine that answers later, so do refusals. */
  run<Result>(begin: () => Program<Result>): Returns<M, Result> {
    return this.#runAfter([], begin);
  }

  /** The same, after all writes that were called before, whatever became of them. */
  runAfterWrites<Result>(begin: () => Program<Result>): Returns<M, Result> {
    return this.#runAfter([...this.#queues.values()], begin);
  }

  /** Runs a program that reads a context, after the writes to it that were called before. */
  read<Result>(live: Live, begin: () => Program<Result>): Returns<M, Result> {
    const queue = this.#queues.get(live);
    return this.#runAfter(queue === undefined ? [] : [queue], begin);
  }

  /** Runs a program that writes to a context; where the engine answers later, in the order of the calls. */
  write<Result>(live: Live, begin: () => Program<Result>): Returns<M, Result> {
    const context = nameOf(live.state);
    const program = this.#begun(() => {
      if (live.isDeleted) throw new ContextError("CONTEXT_DELETED", { context });
      return begin();
    });
    if (this.engine.mode === "sync") return this.engine.run(program);
    // Where the mode is not "sync", the engine's answer is a promise, and so is what this returns.
    const start = () => this.engine.run(program) as Promise<Result>;
    const { unit } = this.site;
    if (unit !== undefined) return joined(unit, program) as Returns<M, Result>;
    const queue = this.#queues.get(live) ?? new WriteQueue(() => this.#queues.delete(live));
    this.#queues.set(live, queue);
    const answer = queue.add(context, start);
    // A write that fails without anybody looking is told of when the store closes.
    keepIn(this.#writes, answer).catch(() => undefined);
    return answer as Returns<M, Result>;
  }

  /** Refuses: now, or where the engine answers later, by a promise; inside a batch, the batch fails of it. */
  refuse<Result>(error: ContextError): Returns<M, Result> {
    const program = this.#begun<Result>(() => {
      throw error;
    });
    const { unit } = this.site;
    return unit === undefined ? this.engine.run(program) : (joined(unit, program) as Returns<M, Result>);
  }

  /** Listens to commits of this store, as they happen in this process; gives the way to stop. */
  onCommit(listener: () => void): () => void {
    this.#commitListeners.add(listener);
    return () => this.#commitListeners.delete(listener);
  }

  /** Holds a context for a user, for good or until the handle that it is held for is closed or nobody's. */
  hold(live: Live, handle?: WeakKey): Live {
    const held = this.site.lives.hold(live);
    if (handle !== undefined) this.#dropped.register(handle, held, handle);
    return held;
  }

  /** Ends a use; where the engine answers later, what is under way still finds the state that it began with. */
  release(live: Live): void {
    if (this.engine.mode === "sync") this.site.lives.release(live);
    else void this.#atRest().then(() => this.site.lives.release(live));
  }

  /** Ends the use by a handle, after the writes that were called before. */
  letGo(live: Live, handle: WeakKey): Returns<M, void> {
    this.#dropped.unregister(handle);
    this.release(live);
    if (this.engine.mode === "sync") return undefined as Returns<M, void>;
    const ended = this.#queues.get(live)?.end() ?? Promise.resolve();
    // Nobody can wait inside a batch, which tells itself what became of it.
    if (this.site.unit !== undefined) ended.catch(() => undefined);
    // Where the mode is not "sync", this returns a promise.
    return ended as Returns<M, void>;
  }

  /** Waits until the writes to a context that were called before have ended, well or not. */
  async settled(live: Live): Promise<void> {
    await this.#queues.get(live)?.after(() => Promise.resolve());
  }

  /** Resolves when all that was written by now is on the disk; writes that share a commit wait for it. */
  async durable(): Promise<void> {
    this.requireOpen();
    if (this.site.unit !== undefined) {
      throw new ContextError("BATCH_UNSUPPORTED", { verb: "Waiting until writes are durable" });
    }
    if (this.engine.group.isOpen()) await this.#turn.wait();
    else await this.runAfterWrites(() => wait(this.engine.makeDurable()));
  }

  /** Resolves when nothing that was written by now waits for a commit. */
  async committed(): Promise<void> {
    if (this.engine.group.isOpen()) await this.#turn.wait();
  }

  /** Frees the engine, after what is queued; idempotent. */
  close(): Returns<M, void> {
    if (this.engine.mode === "async") return this.#closeLater() as Returns<M, void>;
    if (!this.isClosed) this.#closeNow();
    return undefined as Returns<M, void>;
  }

  requireOpen(): void {
    if (this.isClosed) throw new ContextError("STORE_CLOSED", { store: this.engine.location });
    const failure = this.engine.group.failure();
    if (failure !== undefined) throw failure;
  }

  /** Frees everything; throws afterwards if it turned out only now that writes are lost, or may be. */
  #closeNow(): void {
    const isKnown = this.engine.group.failure() !== undefined;
    // Whoever is told of the last commits still finds an open store.
    const failure = this.#turn.isAhead ? this.#turn.end() : undefined;
    // The engine may refuse, in the midst of a write.
    void this.engine.close();
    this.isClosed = true;
    this.news.end();
    this.site.lives.clear();
    if (failure !== undefined && !isKnown) throw failure;
  }

  /** Rejects as the first of the writes in hand that did, once all is done and everything is freed. */
  async #closeLater(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.news.end();
    const written = await this.#atRest();
    await this.engine.close();
    this.site.lives.clear();
    const failed = written.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
  }

  /** Waits for all that is in hand by now; tells what became of the writes. */
  async #atRest(): Promise<readonly PromiseSettledResult<unknown>[]> {
    const [written] = await Promise.all([
      Promise.allSettled(this.#writes),
      Promise.allSettled(this.#otherWork),
    ]);
    return written;
  }

  #runAfter<Result>(queues: readonly WriteQueue[], begin: () => Program<Result>): Returns<M, Result> {
    const program = this.#begun(begin);
    if (this.engine.mode === "sync" || this.site.unit !== undefined) return this.engine.run(program);
    // Where the mode is not "sync", the engine's answer is a promise, and so is what this returns.
    const start = () => this.engine.run(program) as Promise<Result>;
    const afterAll = queues.reduce((next, queue) => () => queue.after(next), start);
    return keepIn(this.#otherWork, afterAll()) as Returns<M, Result>;
  }

  /** Begins a program now, since the caller may change what it gave; its refusal waits for its turn. */
  #begun<Result>(begin: () => Program<Result>): Program<Result> {
    try {
      this.requireOpen();
      return begin();
    } catch (error) {
      if (this.engine.mode === "sync") throw error;
      if (this.site.unit !== undefined) this.site.unit.failure ??= { error };
      return refusal(error);
    }
  }
}

/** Keeps a promise among others until it has settled; a failure stays whoever's it is that looks at the result. */
function keepIn<Result>(kept: Set<Promise<unknown>>, answer: Promise<Result>): Promise<Result> {
  kept.add(answer);
  return answer.finally(() => kept.delete(answer));
}

/**
 * Runs a program as part of the unit whose function is running, on an engine that answers later. Nobody can
 * wait there: a refusal, or a question to the engine, makes the whole unit fail.
 */
function joined<Result>(unit: Unit, program: Program<Result>): Promise<Result> {
  try {
    const done = runAtOnce(program);
    if (done !== undefined) return Promise.resolve(done.result);
    throw new ContextError("BATCH_UNSUPPORTED", { verb: "A verb that has to ask the engine" });
  } catch (error) {
    unit.failure ??= { error };
    const refused = Promise.resolve().then((): Result => {
      throw error;
    });
    // The batch tells of the refusal, whether somebody looks at this promise or not.
    refused.catch(() => undefined);
    return refused;
  }
}

/** A program that only refuses. */
function* refusal(error: unknown): Program<never> {
  throw error;
}
