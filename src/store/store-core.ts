import { ContextError } from "../core/errors.js";
import type { Engine } from "../engines/engine.js";
import { type Mode, type Program, type Returns, runAtOnce } from "../program/program.js";
import type { Site } from "../workflows/site.js";
import type { Unit } from "../workflows/unit.js";
import { type Live, nameOf, type StoreWarning } from "../workflows/workplace.js";
import { WriteQueue } from "./write-queue.js";
import type { Attribution } from "./attribution.js";

/** What all nouns of one open store share. */
export class StoreCore<M extends Mode> {
  readonly engine: Engine<M>;
  readonly site: Site;
  readonly attribution: Attribution;
  readonly listeners: Set<(warning: StoreWarning) => void>;
  readonly #queues = new Map<Live, WriteQueue>();
  isClosed = false;

  constructor(
    engine: Engine<M>,
    site: Site,
    attribution: Attribution,
    listeners: Set<(warning: StoreWarning) => void>,
  ) {
    this.engine = engine;
    this.site = site;
    this.attribution = attribution;
    this.listeners = listeners;
  }

  /** Runs the program that `begin` makes of what the caller gave; on an engine that answers later, so do refusals. */
  run<Result>(begin: () => Program<Result>): Returns<M, Result> {
    return this.engine.run(this.#begun(begin));
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
    return (unit === undefined ? this.#queue(live).add(context, start) : joined(unit, program)) as Returns<
      M,
      Result
    >;
  }

  /** Frees the engine, after what is queued; idempotent. */
  close(): Returns<M, void> {
    if (this.engine.mode === "async") return this.#closeLater() as Returns<M, void>;
    if (!this.isClosed) {
      // The engine may refuse, in the midst of a write.
      void this.engine.close();
      this.isClosed = true;
    }
    return undefined as Returns<M, void>;
  }

  requireOpen(): void {
    if (this.isClosed) throw new ContextError("STORE_CLOSED", { store: this.engine.location });
  }

  /** Rejects as the last of the queued writes did, once everything is freed. */
  async #closeLater(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    try {
      for (const queue of this.#queues.values()) await queue.drain();
    } finally {
      await this.engine.close();
    }
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

  #queue(live: Live): WriteQueue {
    const queue = this.#queues.get(live) ?? new WriteQueue();
    this.#queues.set(live, queue);
    return queue;
  }
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
