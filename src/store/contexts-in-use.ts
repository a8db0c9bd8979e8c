import type { Lives } from "../workflows/site.js";
import type { Live } from "../workflows/workplace.js";

/**
 * Keeps one state in memory for all who use a context, as long as anybody does: handles, and phases under way.
 * Two states of one context would each take the store's own writes for known, and write the same number twice.
 */
export class ContextsInUse implements Lives {
  readonly #uses = new Map<number, { readonly live: Live; users: number }>();

  find(context: number): Live | undefined {
    return this.#uses.get(context)?.live;
  }

  /** Holds a context for one user; of states that were read at the same time, gives the one that others hold. */
  hold(live: Live): Live {
    const use = this.#uses.get(live.context) ?? { live, users: 0 };
    this.#uses.set(live.context, use);
    use.users += 1;
    return use.live;
  }

  /** Ends one use; with the last one, the state leaves the memory. */
  release(live: Live): void {
    const use = this.#uses.get(live.context);
    if (use?.live !== live) return;
    use.users -= 1;
    if (use.users === 0) this.#uses.delete(live.context);
  }

  /** Ends all uses, as closing the store does. */
  clear(): void {
    this.#uses.clear();
  }
}
