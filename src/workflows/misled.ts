import { ContextError } from "../core/errors.js";

/** What is thrown where the key index leads to an event that does not set the key. */
export function misled(context: string, sequence: number): ContextError {
  const why = "it does not set what the key index says it sets; store.rebuild() makes the index anew";
  return new ContextError("EVENT_UNREADABLE", { context, sequence, why });
}
