import { ContextError } from "../core/errors.js";
import type { Engine } from "../engines/engine.js";
import type { Mode, Program, Returns } from "../program/program.js";
import type { Site } from "../workflows/site.js";
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
    return (
      this.site.unit === undefined ? this.#queue(live).add(context, start) : this.#joined(start())
    ) as Returns<M, Result>;
  }

  /** Frees the engine, after what is queued; idempotent. */
  close(): Returns<M, void> {
    if (this.engine.mode === "async") return this.#closeLater() as Returns<M, void>;
    if (!this.isClosed) {
      this.isClosed = true;
      void this.engine.close();
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

  /** A refusal inside a batch is told by the batch, which it makes fail. */
  #joined<Result>(answer: Promise<Result>): Promise<Result> {
    answer.catch(() => undefined);
    return answer;
  }
}

/** A program that only refuses. */
function* refusal(error: unknown): Program<never> {
  throw error;
}
