/** What durable-context offers to LangGraph. */
export { DurableContextSaver, type SaverOptions } from "./durable-context-saver.js";
export type { ThreadPruned, ThreadPruneOptions } from "./prune-thread.js";
export type { ThreadEvent } from "./thread-history.js";
export {
  type ImportedLangGraph,
  importLangGraph,
  type ImportLangGraphOptions,
} from "./import/import-langgraph.js";
export type { SkippedPart, ThreadCount } from "./import/copy-threads.js";
export {
  DurableContextStore,
  type DurableContextStoreOptions,
  type OwnStoreOptions,
} from "./store/durable-context-store.js";
export type { Embedder, IndexOptions } from "./store/embedding.js";
export type { ItemHistoryOptions, ItemVersion } from "./store/item-history.js";
