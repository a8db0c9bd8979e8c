import { ContextError } from "../../index.js";
import { contextIdOf } from "./place.js";
import { placeFacts, type ThreadContexts } from "./thread-contexts.js";

/**
 * Makes a thread that has all that another one has, and goes its own way from there; the history is shared.
 * @throws {ContextError} CONTEXT_NOT_FOUND, CONTEXT_EXISTS
 */
export function copyThread(contexts: ThreadContexts, thread: string, copy: string): void {
  const places = contexts.places({ thread, namespace: undefined });
  const [first] = places;
  if (first === undefined)
    throw new ContextError("CONTEXT_NOT_FOUND", { context: contextIdOf({ thread, namespace: "" }) });
  const [taken] = contexts.places({ thread: copy, namespace: undefined });
  if (taken !== undefined) throw new ContextError("CONTEXT_EXISTS", { context: contextIdOf(taken) });
  for (const { namespace } of places) {
    const target = { thread: copy, namespace };
    const ctx = contexts.find({ thread, namespace });
    ctx?.fork(contextIdOf(target), { metadata: placeFacts(target) }).close();
  }
}
