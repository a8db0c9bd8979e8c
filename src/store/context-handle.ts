import { ContextError } from "../core/errors.js";
import type { Mode, Program, Returns } from "../program/program.js";
import { type Live, nameOf } from "../workflows/workplace.js";
import type { StoreCore } from "./store-core.js";

/** What a handle of a context rests on: the store, the state it shares with other handles, and its own end. */
export class ContextHandle<M extends Mode> {
  /** @internal */
  protected readonly core: StoreCore<M>;
  #standing: { readonly live: Live } | { readonly context: string; readonly closed: Returns<M, void> };

  /** @internal */
  constructor(core: StoreCore<M>, live: Live) {
    this.core = core;
    this.#standing = { live: core.hold(live, this) };
  }

  /**
   * Closes this handle; idempotent. What was begun through it ends well: queued writes (an engine that answers
   * later is waited for), phases, watches, views; whatever else is asked of it says CONTEXT_CLOSED. With the
   * last handle of a context, its state leaves the memory. A handle that nobody refers to closes by itself.
   * @example using ctx = store.context("run-42");
   */
  close(): Returns<M, void> {
    const standing = this.#standing;
    if ("closed" in standing) return standing.closed;
    const closed = this.core.letGo(standing.live, this);
    this.#standing = { context: nameOf(standing.live.state), closed };
    return closed;
  }

  [Symbol.dispose](): void {
    void this.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /**
   * What all handles of the context share.
   * @internal
   */
  protected get live(): Live {
    this.core.requireOpen();
    const standing = this.#standing;
    if ("closed" in standing) throw closedHandle(standing.context);
    return standing.live;
  }

  /** Runs a program that reads the context. */
  protected ask<Result>(begin: (live: Live) => Program<Result>): Returns<M, Result> {
    return this.#use((live) =>
      this.core.read(live, () => {
        if (live.isDeleted) throw new ContextError("CONTEXT_DELETED", { context: nameOf(live.state) });
        return begin(live);
      }),
    );
  }

  /** Runs a program that writes to the context. */
  protected tell<Result>(begin: (live: Live) => Program<Result>): Returns<M, Result> {
    return this.#use((live) => this.core.write(live, () => begin(live)));
  }

  /** Refuses as the engine's mode has it. */
  #use<Result>(work: (live: Live) => Returns<M, Result>): Returns<M, Result> {
    const standing = this.#standing;
    if ("live" in standing) return work(standing.live);
    return this.core.refuse(closedHandle(standing.context));
  }
}

function closedHandle(context: string): ContextError {
  return new ContextError("CONTEXT_CLOSED", { context });
}
