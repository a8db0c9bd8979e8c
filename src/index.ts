/** What durable-context offers, grouped by noun. */
export { openStore, type SqliteStoreOptions } from "./store/open-store.js";
export type { Compression } from "./store/compression.js";
export { openMemoryStore, type MemoryStoreOptions } from "./store/open-memory-store.js";
export type { StoreOptions } from "./store/create-core.js";
export { type Salvage, type SalvageOptions, salvageStore } from "./store/open-salvage.js";
export type { SalvagedContext } from "./workflows/salvage/salvage.js";
export type { MissingEvents, Recovery } from "./workflows/salvage/account.js";

export { type DeleteOptions, Store } from "./store/store.js";
export type { Saved } from "./store/save.js";
export type { PythonImport, PythonImportOptions } from "./store/import-python.js";
export type { ContextInfo, ContextQuery } from "./store/context-info.js";
export type { Commit, CommittedEvent } from "./store/announced-engine.js";
export type { StoreWarning } from "./workflows/workplace.js";
export type { StoreStats, ContextStats } from "./workflows/stats.js";
export type { Compaction } from "./workflows/compact.js";
export type { Head, HeadKey } from "./store/head.js";
export type { VerifyOptions } from "./store/verify-options.js";
export type { Fault } from "./workflows/fault.js";
export type { Verification } from "./workflows/verify.js";
export type { RebuildReport } from "./workflows/rebuild.js";
export type { Backup, KeySize, PhaseListing, QueryResult } from "./engines/engine.js";

export { Context } from "./store/context.js";
export type { AtOptions } from "./store/at-options.js";
export type { BatchOptions, SetOptions } from "./store/context-writer.js";
export type { UpdateOptions } from "./store/update-options.js";
export type { ContextOptions } from "./store/context-options.js";
export type { HistoryQuery } from "./store/history-query.js";
export type { PruneOptions } from "./store/prune-options.js";
export type { Hold } from "./workflows/prune/find-floor.js";
export type { Pruned, PrunedArchive } from "./workflows/prune/prune.js";
export type { RedactOptions } from "./store/redact-options.js";
export type { Redaction } from "./workflows/redact.js";
export type { RestoreOptions } from "./store/restore-options.js";
export { ErasedValue } from "./core/value/erased.js";
export { parsePath, type ValuePath, writePath } from "./core/value/parse-path.js";
export type { ForkOptions } from "./store/fork-options.js";
export type { FamilyTree, Lineage, Relative } from "./workflows/lineage.js";
export type { PathOption } from "./store/value-path-option.js";
export type { Stream } from "./store/stream.js";
export type { LimitOptions, LimitSettings } from "./store/limit-options.js";
export type { MergeOptions } from "./store/merge-options.js";
export type { Attribution } from "./store/attribution.js";
export { runAs } from "./store/run-as.js";
export type { WriteOptions } from "./store/write-options.js";
export type { Issue, Schemas, ValuesOf } from "./core/schema.js";
export type { Written } from "./core/commands/update.js";
export type { StrategyName } from "./core/merge/find-strategy.js";
export type { Skipped, SkipReason } from "./core/merge/strategy.js";
export type { LimitName } from "./core/limits.js";

export type { PhaseOptions, PhaseOutcome, PhaseWorker, RunningPhase } from "./store/phase.js";
export type { PhaseStatus } from "./engines/engine.js";

export { Subscription } from "./store/subscription.js";
export { Watcher } from "./store/watcher.js";
export type { StoreWatchQuery, WatchListener, WatchQuery } from "./store/watch-query.js";
export type { WatchedEvent } from "./store/watched-event.js";

export type { BisectFound, BisectRange } from "./store/bisect.js";
export type { SearchHit, SearchQuery, StoreSearchQuery } from "./store/search.js";
export type { Blame } from "./store/blame.js";
export type { Why } from "./store/why.js";
export type { Cursor, FoldOptions } from "./store/replay-into.js";
export type { Breakpoint, ReplayQuery } from "./store/replay-query.js";
export type { KeyChange, ReplayStep } from "./store/replay-step.js";
export { View, type ViewPlace } from "./store/view.js";
export type { Snapshot } from "./core/snapshot.js";
export type { SnapshotOptions } from "./store/snapshot-options.js";
export type { RetentionOptions, SnapshotRetention } from "./store/retention-options.js";
export type { Change, ChangeOperation } from "./core/change-log.js";
export type { ContextEffect, ContextEvent, ContextEventHeader } from "./store/context-event.js";
export type { Details, EventType, Json, Scope } from "./core/event.js";

export { applyDifference } from "./core/diff/apply-difference.js";
export { applyJsonPatch } from "./core/diff/apply-json-patch.js";
export { diffValues } from "./core/diff/diff-values.js";
export type { Change as DifferenceChange, Difference } from "./core/diff/difference.js";
export type { JsonPatchOperation } from "./core/diff/json-patch.js";
export { toJsonPatch } from "./store/to-json-patch.js";
export { diff } from "./store/diff.js";
export type { StateHolder } from "./store/held-state.js";

export { formatReference, parseReference, type Point, type Reference } from "./core/address.js";
export type { Address } from "./store/point.js";

export type { Frozen } from "./store/frozen.js";
export { decodeValue, encodeValue, freezeValue, type ValueTextOptions } from "./store/value-text.js";
export type { ValueClass } from "./core/value/codec.js";
export type { Mode, Returns } from "./program/program.js";

export { ContextError, isContextError, type ErrorCode } from "./core/errors.js";
export type { ErrorDetails } from "./core/error-table.js";
