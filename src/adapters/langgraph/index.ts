/** What durable-context offers to LangGraph. */
export { DurableContextSaver, type SaverOptions } from "./durable-context-saver.js";
export type { ThreadPruned, ThreadPruneOptions } from "./prune-thread.js";
export type { ThreadEvent } from "./thread-history.js";
