import { type Context, ContextError, type Store } from "../../index.js";
import { contextIdOf, idPatternsOf, type Place, type Scope } from "./place.js";

/** The context of a place: its channels, and the saver's own keys. */
export type ThreadContext = Context;

/** What is written, and whether the values that a context was made with are it already. */
export interface Work {
  readonly isDone: (ctx: ThreadContext) => boolean;
  readonly write: (ctx: ThreadContext) => void;
}

/** So many contexts are kept open, with their present values in memory. */
const mostOpen = 64;

/** Finds and makes the contexts of threads in a store, and keeps open those that were used last. */
export class ThreadContexts {
  readonly #store: Store;
  /** By id, the one that was used last at the end. */
  readonly #open = new Map<string, ThreadContext>();

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * The context of a place as it is now, or undefined.
   * @throws {ContextError} CONTEXT_EXISTS where a context of that id is no thread's
   */
  find(place: Place): ThreadContext | undefined {
    return this.named(contextIdOf(place));
  }

  /**
   * Has something written to the context of a place, or makes the context with what comes first. What is known of the
   * context may be of earlier: a write takes in what came since.
   */
  write(place: Place, first: () => Readonly<Record<string, unknown>>, work: Work): void {
    const id = contextIdOf(place);
    const known = this.#open.get(id);
    if (known !== undefined && this.#attempt(id, this.#keep(id, known), () => work.write(known))) return;
    const found = this.find(place);
    const ctx = found ?? this.make(place, first());
    if (found !== undefined || !work.isDone(ctx)) work.write(ctx);
  }

  /** The same by the id of the context. */
  named(id: string): ThreadContext | undefined {
    const known = this.#open.get(id);
    if (known !== undefined && this.#refresh(id, known)) return this.#keep(id, known);
    const found = this.#store.find(id);
    return found && this.#keep(id, checked(found));
  }

  /**
   * Makes the context of a place with what it begins with; if somebody else made it meanwhile, it is as they did.
   * @throws {ContextError} CONTEXT_EXISTS
   */
  make(place: Place, initial: Readonly<Record<string, unknown>>): ThreadContext {
    const id = contextIdOf(place);
    const made = checked(this.#store.context(id, { initial, metadata: placeFacts(place) }));
    // A store protects some names in every context; a channel of such a name is none of those it means.
    for (const key of made.protectedKeys) if (Object.hasOwn(initial, key)) made.unprotect(key);
    return this.#keep(id, made);
  }

  /** The places that a scope covers, in order of their ids. */
  places({ thread, namespace }: Pick<Scope, "thread" | "namespace">): readonly Place[] {
    if (thread !== undefined && namespace !== undefined) return [{ thread, namespace }];
    const found = idPatternsOf(thread).flatMap((id) => this.#store.contexts({ id }));
    return found
      .flatMap(({ metadata }) => placeIn(metadata) ?? [])
      .filter((place) => namespace === undefined || place.namespace === namespace);
  }

  /** Closes what is open. */
  close(): void {
    for (const context of this.#open.values()) context.close();
    this.#open.clear();
  }

  /** Takes in what others have written; false where the context is gone. */
  #refresh(id: string, context: ThreadContext): boolean {
    return this.#attempt(id, context, () => context.refresh());
  }

  #attempt(id: string, context: ThreadContext, work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (!(error instanceof ContextError) || error.code !== "CONTEXT_DELETED") throw error;
      this.#open.delete(id);
      context.close();
      return false;
    }
  }

  #keep(id: string, context: ThreadContext): ThreadContext {
    this.#open.delete(id);
    this.#open.set(id, context);
    for (const [oldest, unused] of this.#open) {
      if (this.#open.size <= mostOpen) break;
      this.#open.delete(oldest);
      unused.close();
    }
    return context;
  }
}

/** Names the metadata that say which place a context is. */
const marker = "langgraph";

/** The metadata of a place's context. */
export function placeFacts({ thread: thread_id, namespace: checkpoint_ns }: Place): Record<string, unknown> {
  return { [marker]: { thread_id, checkpoint_ns } };
}

function placeIn(metadata: Readonly<Record<string, unknown>>): Place | undefined {
  const { thread_id: thread, checkpoint_ns: namespace } = Object(metadata[marker]) as Record<string, unknown>;
  return typeof thread === "string" && typeof namespace === "string" ? { thread, namespace } : undefined;
}

/** An ordinary context may have an id of this form. */
function checked(context: ThreadContext): ThreadContext {
  if (placeIn(context.metadata) !== undefined) return context;
  const { id } = context;
  context.close();
  throw new ContextError("CONTEXT_EXISTS", { context: id });
}
