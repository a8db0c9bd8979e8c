import { isContextError } from "../core/errors.js";
import type { Grouping } from "../engines/engine.js";

/** Somebody who waits until what was written is durable. */
interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Who is told how a group ended, besides those who wait for it. */
export interface GroupListener {
  readonly committed: () => void;
  /** Told of a failure, and whether somebody who waited was told already. */
  readonly failed: (error: Error, isTold: boolean) => void;
}

const tellNobody: GroupListener = { committed: () => undefined, failed: () => undefined };

/**
 * Commits what an engine groups when the present turn of the event loop ends: all that the callbacks of one turn
 * write shares a flush of the disk, and no lock is held while the process waits for something.
 */
export class TurnEnd {
  readonly #group: Grouping;
  readonly #listener: GroupListener;
  #immediate: NodeJS.Immediate | undefined;
  #waiting: Waiting[] = [];

  constructor(group: Grouping, listener = tellNobody) {
    this.#group = group;
    this.#listener = listener;
  }

  /** Whether somebody, or something, waits for the end of this turn. */
  get isAhead(): boolean {
    return this.#immediate !== undefined;
  }

  /** Sees to it that the group is committed at the end of this turn; until then, the process goes on. */
  schedule(): void {
    this.#immediate ??= setImmediate(() => {
      void this.end();
    });
  }

  /** Resolves once what was written until now is committed. */
  wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.schedule();
    });
  }

  /**
   * Commits now, and tells everybody; gives what went wrong.
   * @throws {ContextError} BATCH_UNSUPPORTED
   */
  end(): Error | undefined {
    let failure: Error | undefined;
    try {
      // An engine that groups answers at once: others do not wait for a commit that is still to be asked for.
      void this.#group.commit();
    } catch (error) {
      if (isContextError(error, "BATCH_UNSUPPORTED")) throw error;
      failure = error instanceof Error ? error : new Error(String(error));
    }
    clearImmediate(this.#immediate);
    this.#immediate = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    if (failure === undefined) {
      for (const { resolve } of waiting) resolve();
      this.#listener.committed();
    } else {
      for (const { reject } of waiting) reject(failure);
      this.#listener.failed(failure, waiting.length > 0);
    }
    return failure;
  }
}
