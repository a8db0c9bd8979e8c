/** Every code with the facts it carries. One new failure is one new line here and one message below. */
export interface ErrorDetails {
  KEY_PROTECTED: { context: string; key: string };
  KEY_INVALID: { key: string; why: string };
  ID_INVALID: { id: string; why: string };
  OPTION_INVALID: { option: string; why: string };
  VALUE_UNSUPPORTED: { path: string; what: string };
  VALUE_TOO_DEEP: { path: string; limit: number };
  VALUE_REJECTED: { key: string; issues: readonly { path: string; message: string }[] };
  SCHEMA_ASYNCHRONOUS: { key: string };
  PATCH_INVALID: { operation: number; path: string; why: string };
  CLASS_UNKNOWN: { name: string };
  VALUE_UNREADABLE: { why: string };
  LIMIT_EXCEEDED: { context: string; limit: string; allowed: number; actual: number; key?: string };
  VERSION_CONFLICT: {
    context: string;
    expected: number;
    actual: number;
    between: readonly { sequence: number; version: number; type: string; keys: readonly string[] }[];
  };
  IDEMPOTENCY_MISMATCH: { context: string; idempotencyKey: string; sequence: number };
  UNKNOWN_STRATEGY: { strategy: string; known: readonly string[] };
  PREFIX_REQUIRED: { strategy: string };
  BASE_REQUIRED: { strategy: string };
  MERGE_CONFLICT: { context: string; keys: readonly string[]; phase?: string };
  WORK_ASYNCHRONOUS: { verb: string };
  PREDICATE_FAILED: { context: string; version: number };
  REDUCER_FAILED: { context: string; sequence: number };
  BATCH_UNSUPPORTED: { verb: string };
  PHASE_NOT_FOUND: { context: string; phase: string };
  PHASE_ABORTED: { context: string; phase: string };
  CONTEXT_NOT_FOUND: { context: string };
  CONTEXT_EXISTS: { context: string };
  CONTEXT_DELETED: { context: string };
  CONTEXT_CLOSED: { context: string };
  REDACTION_INHERITED: { context: string; parent: string };
  VALUE_ERASED: { context: string; address: string; keys: readonly string[] };
  CONTEXT_HAS_FORKS: { context: string; forks: readonly string[] };
  ADDRESS_INVALID: { address: string; why: string };
  PATH_INVALID: { path: string; why: string };
  PATH_NOT_FOUND: { context: string; path: string };
  ADDRESS_NOT_FOUND: { context: string; address: string };
  HISTORY_PRUNED: { context: string; address: string; floor: number; archive: string | undefined };
  SNAPSHOT_AMBIGUOUS: { context: string; snapshot: string; ids: readonly string[] };
  STORE_CLOSED: { store: string };
  STORE_NOT_FOUND: { store: string };
  STORE_FOREIGN: { store: string; why: string };
  STORE_NEWER: { store: string; found: number; known: number };
  STORE_ALTERED: { store: string; what: readonly string[] };
  STORE_INCOMPLETE: { store: string; missing: string; present: readonly string[] };
  STORE_BEHIND: { store: string; expected: number; found: number; why: string };
  STORE_UNANCHORED: { store: string; anchor: string; why: string };
  STORE_MOVED: { store: string };
  STORE_IN_USE: { store: string; why: string };
  STORE_CORRUPT: { store: string; where: string };
  STORE_BUSY: { store: string; waitedMs: number };
  STORE_READ_ONLY: { store: string };
  STORE_FULL: { store: string };
  STORE_UNREACHABLE: { store: string; why: string };
  STORE_REMOTE: { store: string; kind: string };
  OUTCOME_UNKNOWN: { store: string };
  WRITES_LOST: { store: string; writes: number; why: string };
  QUEUE_POISONED: { context: string };
  DRIVER_UNSUITABLE: { why: string };
  EVENT_UNREADABLE: { context: string; sequence: number; why: string };
  EXPORT_INVALID: { source: string; line: number; why: string };
  EXPORT_NEWER: { source: string; found: number; known: number };
  EXPORT_NOT_FOUND: { source: string };
  PYTHON_INVALID: { source: string; at: string; why: string };
  PYTHON_REFUSED: { source: string; at: string; what: string };
  IMPORT_REPEATED: { source: string; context: string };
  EXPORT_UNWRITABLE: { target: string; why: string };
  CHECKPOINTS_UNREADABLE: { source: string; why: string };
  THREAD_EXISTS: { thread: string; source: string };
  BACKUP_EXISTS: { target: string; present: string };
  BACKUP_UNSOUND: { target: string; why: string };
  SALVAGE_EXISTS: { target: string; present: string };
  NOT_SUPPORTED: { what: string; engine: string; instead?: string };
  QUERY_FAILED: { why: string };
  CHECKPOINT_NOT_FOUND: { checkpoint: string };
}

type Messages = { readonly [Code in keyof ErrorDetails]: (details: ErrorDetails[Code]) => string };

export const errorMessages: Messages = {
  KEY_PROTECTED: ({ context, key }) =>
    `Key ${quote(key)} in context ${quote(context)} is protected. Lift it with ctx.unprotect(${quote(key)}) first.`,
  KEY_INVALID: ({ key, why }) => `Key ${quote(key)} cannot be used: ${why}.`,
  ID_INVALID: ({ id, why }) => `Context id ${quote(id)} cannot be used: ${why}.`,
  OPTION_INVALID: ({ option, why }) => `Option ${quote(option)} cannot be used: ${why}.`,
  VALUE_UNSUPPORTED: ({ path, what }) =>
    `${path} is ${what}: it cannot be stored. Store plain data, or register the class when opening the store.`,
  VALUE_TOO_DEEP: ({ path, limit }) =>
    `The value is nested deeper than ${limit} levels at ${path}. Store it flatter, or as text.`,
  VALUE_REJECTED: ({ key, issues }) =>
    `The value for key ${quote(key)} does not fit its schema: ${issues
      .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))
      .join("; ")}. Nothing was written.`,
  SCHEMA_ASYNCHRONOUS: ({ key }) =>
    `The schema of key ${quote(key)} validates asynchronously. Use one that answers at once.`,
  PATCH_INVALID: ({ operation, path, why }) =>
    `Operation ${operation} of the patch, at ${quote(path)}, cannot be applied: ${why}. Nothing was changed; make the patch for the value it is applied to.`,
  CLASS_UNKNOWN: ({ name }) =>
    `A stored value is of class ${quote(name)}, which is not registered. Pass it in "classes" when opening the store.`,
  VALUE_UNREADABLE: ({ why }) => `${why} Give a text that encodeValue() wrote, as it was written.`,
  LIMIT_EXCEEDED: ({ context, limit, allowed, actual, key }) =>
    `${key === undefined ? "The write" : `Key ${quote(key)}`} would bring context ${quote(context)} to ${actual} of at most ${allowed} (limit ${quote(limit)}). Store less, or raise the limit. Nothing was written.`,
  VERSION_CONFLICT: ({ context, expected, actual, between }) =>
    `Context ${quote(context)} is at version ${actual}, not ${expected}: ${between.length} event(s) came between. Read the present state, decide again, and retry.`,
  IDEMPOTENCY_MISMATCH: ({ context, idempotencyKey, sequence }) =>
    `Idempotency key ${quote(idempotencyKey)} in context ${quote(context)} belongs to another command (event #${sequence}). Use a new key for a new command.`,
  UNKNOWN_STRATEGY: ({ strategy, known }) =>
    `Merge strategy ${quote(strategy)} does not exist. Use one of ${known.join(", ")}.`,
  PREFIX_REQUIRED: ({ strategy }) =>
    `Merge strategy ${quote(strategy)} needs a prefix. Pass { prefix: "…" } with at least one character.`,
  BASE_REQUIRED: ({ strategy }) =>
    `Merge strategy ${quote(strategy)} needs the state that both sides started from. Pass { base }, or merge through ctx.phase.`,
  MERGE_CONFLICT: ({ context, keys, phase }) =>
    `Both sides changed ${keys.map(quote).join(", ")} in context ${quote(context)}; nothing was merged. ${
      phase === undefined
        ? "Choose a side for these keys, or merge with another strategy."
        : `The phase's changes are kept: settle them with ctx.mergePhase(${quote(phase)}, strategy).`
    }`,
  WORK_ASYNCHRONOUS: ({ verb }) =>
    `The function given to ctx.${verb} returned a promise. It runs inside the write lock and must finish at once: do the waiting before, or use ctx.phase. Nothing was written.`,
  PREDICATE_FAILED: ({ context, version }) =>
    `The predicate threw on version ${version} of context ${quote(context)}. The cause says why; a key may be missing in that version.`,
  REDUCER_FAILED: ({ context, sequence }) =>
    `The reducer given to ctx.replayInto threw at event #${sequence} of context ${quote(context)}; the cause is its own error. A cursor stays where it was last kept: mend the reducer and call again.`,
  BATCH_UNSUPPORTED: ({ verb }) =>
    `${verb} cannot run inside a batch. Do it before or after the batch. Nothing was written.`,
  PHASE_NOT_FOUND: ({ context, phase }) =>
    `Context ${quote(context)} holds no unmerged phase ${quote(phase)}. List them with ctx.phases({ status: "unmerged" }).`,
  PHASE_ABORTED: ({ context, phase }) =>
    `Phase ${quote(phase)} of context ${quote(context)} was aborted by its signal; the context is as it was.`,
  CONTEXT_NOT_FOUND: ({ context }) =>
    `Context ${quote(context)} does not exist in this store. List what does with store.contexts().`,
  CONTEXT_EXISTS: ({ context }) =>
    `Context ${quote(context)} exists already; nothing was written. Choose another id, or delete that context first.`,
  CONTEXT_DELETED: ({ context }) =>
    `Context ${quote(context)} was deleted. Open it again with store.context(…) to start a new one of that id.`,
  CONTEXT_CLOSED: ({ context }) =>
    `This handle of context ${quote(context)} is closed. Open another one with store.context(${quote(context)}).`,
  REDACTION_INHERITED: ({ context, parent }) =>
    `Context ${quote(context)} shares the values with context ${quote(parent)}, from which it was forked. Redact them there: it reaches all forks. Nothing was erased.`,
  VALUE_ERASED: ({ context, address, keys }) =>
    `Context ${quote(context)} cannot be brought back to ${address}: the values of ${keys.map(quote).join(", ")} were erased. Pass { erased: "keep" } to leave these keys as they are now. Nothing was changed.`,
  CONTEXT_HAS_FORKS: ({ context, forks }) =>
    `Context ${quote(context)} cannot be deleted: ${forks.map(quote).join(", ")} need its history. Delete these first, or pass { forks: "keep" }: what they need then stays, and the rest goes.`,
  ADDRESS_INVALID: ({ address, why }) =>
    `Address ${quote(address)} cannot be read: ${why}. Use @17, #17, @latest, @~3, @snapshot:<id or reason> or @<ISO time>.`,
  PATH_INVALID: ({ path, why }) =>
    `Path ${quote(path)} cannot be read: ${why}. Write it as in code: plan.steps[3], or ["odd.key"].x.`,
  PATH_NOT_FOUND: ({ context, path }) =>
    `Context ${quote(context)} has nothing at ${quote(path)}. Its present keys are what ctx.keys() gives; what was there earlier can be asked for with { at }.`,
  ADDRESS_NOT_FOUND: ({ context, address }) =>
    `Context ${quote(context)} has nothing at ${address}. Its versions run from 0 to the present one; ctx.snapshots() lists its snapshots.`,
  HISTORY_PRUNED: ({ context, address, floor, archive }) =>
    `The history of context ${quote(context)} begins at event #${floor}; ${address} comes before that and was pruned. ${
      archive === undefined
        ? "Nothing that is known here has it."
        : `The archive ${quote(archive)} has it: load that into a new store, and read it there.`
    }`,
  SNAPSHOT_AMBIGUOUS: ({ context, snapshot, ids }) =>
    `Context ${quote(context)} has ${ids.length} snapshots called ${quote(snapshot)}. Name one by its id: ${ids.join(", ")}.`,
  STORE_CLOSED: ({ store }) => `Store ${quote(store)} is closed. Open it again with openStore(…).`,
  STORE_NOT_FOUND: ({ store }) =>
    `Store ${quote(store)} does not exist. Check the path, or open it with { create: true }.`,
  STORE_FOREIGN: ({ store, why }) =>
    `File ${quote(store)} is not a durable-context store: ${why}. It was left untouched; choose another path.`,
  STORE_NEWER: ({ store, found, known }) =>
    `Store ${quote(store)} has schema ${found}; this release knows schemas up to ${known}. Upgrade durable-context. The file was left untouched.`,
  STORE_ALTERED: ({ store, what }) =>
    `Store ${quote(store)} is not as this library makes it: ${listFew(what)}. None of it was run. If you know who did it and why, undo it with another SQLite tool; else salvage the events into a new store.`,
  STORE_INCOMPLETE: ({ store, missing, present }) =>
    `Store ${quote(store)} is not whole: ${missing} is missing beside ${present.join(", ")}. Put the missing file back, or move the others away. Nothing was changed.`,
  STORE_BEHIND: ({ store, why }) =>
    `Store ${quote(store)} lacks events that were acknowledged: ${why}. Its log (-wal) may be damaged or gone, or an older copy was put back. Put the right files back, restore a backup, or save what there is with durable-context salvage; to go on with what is left, open it with { behind: "accept" }. Nothing was changed.`,
  STORE_UNANCHORED: ({ store, anchor, why }) =>
    `The anchor of store ${quote(store)} is ${why}, so nobody can tell whether the store holds all that was acknowledged. Put ${quote(anchor)} back: it belongs to the store as its -wal does. If it is lost, open the store with { behind: "accept" } and verify it. Nothing was changed.`,
  STORE_MOVED: ({ store }) =>
    `The file of store ${quote(store)} was replaced, moved or deleted while it was open. Close the store, put the file back and open it again.`,
  STORE_IN_USE: ({ store, why }) =>
    `Store ${quote(store)} cannot be salvaged now: ${why}. Close it everywhere and try again; nothing was changed.`,
  STORE_CORRUPT: ({ store, where }) =>
    `Store ${quote(store)} is damaged: ${where}. Stop writing, copy the files, and restore from a backup or an export.`,
  STORE_BUSY: ({ store, waitedMs }) =>
    `Store ${quote(store)} stayed locked by another process for ${waitedMs} ms. Nothing was written; try again.`,
  STORE_READ_ONLY: ({ store }) =>
    `Store ${quote(store)} cannot be written: the file, its folder or the disk is read-only. Change the permissions, or copy it elsewhere.`,
  STORE_FULL: ({ store }) =>
    `The disk of store ${quote(store)} is full. Nothing was written; free some space and try again.`,
  STORE_UNREACHABLE: ({ store, why }) =>
    `Store ${quote(store)} cannot be reached: ${why}. Check the path, its permissions and the disk.`,
  STORE_REMOTE: ({ store, kind }) =>
    `Store ${quote(store)} lies on a network file system (${kind}), where locks do not keep machines apart and writes get lost. Use a local disk; if only this machine ever uses the file, pass { networkDisk: "accept" }.`,
  OUTCOME_UNKNOWN: ({ store }) =>
    `The disk reported an error while store ${quote(store)} was committing, so the write may or may not be there. This handle writes no more: close it, open the store again and look (an idempotency key tells).`,
  WRITES_LOST: ({ store, writes, why }) =>
    `The last ${writes} write(s) to store ${quote(store)}, which no durable() had covered yet, could not be committed: ${why} Nothing of them is there. This handle does no more: close it, mend the cause, open the store again, and repeat them.`,
  QUEUE_POISONED: ({ context }) =>
    `An earlier write to context ${quote(context)} failed, so this one, queued behind it, was not made. The cause says why.`,
  DRIVER_UNSUITABLE: ({ why }) => `The installed better-sqlite3 cannot be used: ${why}.`,
  EVENT_UNREADABLE: ({ context, sequence, why }) =>
    `Event #${sequence} of context ${quote(context)} cannot be read: ${why}.`,
  EXPORT_INVALID: ({ source, line, why }) =>
    `${quote(source)} is not a good export: line ${line}: ${why}. Nothing was imported.`,
  EXPORT_NEWER: ({ source, found, known }) =>
    `${quote(source)} has export format ${found}; this release reads formats up to ${known}. Upgrade durable-context. Nothing was imported.`,
  EXPORT_NOT_FOUND: ({ source }) =>
    `File ${quote(source)} cannot be read. Check the path and its permissions.`,
  PYTHON_INVALID: ({ source, at, why }) =>
    `${quote(source)} is not a session of the Python DurableContext that can be imported: at ${at}: ${why}. Nothing was imported.`,
  PYTHON_REFUSED: ({ source, at, what }) =>
    `${quote(source)} holds more than data: at ${at}: ${what}. It was not loaded, and nothing was imported. Turn such values into plain ones in Python, and save the session again.`,
  IMPORT_REPEATED: ({ source, context }) =>
    `${quote(source)} was imported before, as context ${quote(context)}. To have it once more, import it under another id: { again: true, as: "…" }, or --again --as. Nothing was imported.`,
  EXPORT_UNWRITABLE: ({ target, why }) =>
    `File ${quote(target)} cannot be written: ${why}. Check the path, its permissions and the free space; a file that was there before is as it was.`,
  CHECKPOINTS_UNREADABLE: ({ source, why }) =>
    `${quote(source)} cannot be imported: ${why}. Nothing was imported.`,
  THREAD_EXISTS: ({ thread, source }) =>
    `Thread ${quote(thread)} is in the store already, so nothing of ${quote(source)} was imported. Import into another store, or delete the thread there first, with saver.deleteThread(${quote(thread)}).`,
  BACKUP_EXISTS: ({ target, present }) =>
    `No backup was made to ${quote(target)}: ${quote(present)} is there already, and a backup replaces nothing. Choose another name, or move that file away.`,
  BACKUP_UNSOUND: ({ target, why }) =>
    `The backup to ${quote(target)} did not pass its check: ${why}. It was thrown away. Check the store with store.verify(), and the disk; then try again.`,
  SALVAGE_EXISTS: ({ target, present }) =>
    `Nothing was salvaged into ${quote(target)}: ${quote(present)} is there already, and a salvage replaces nothing. Choose another name, or move that file away.`,
  NOT_SUPPORTED: ({ what, engine, instead = "a store on SQLite" }) =>
    `The ${engine} engine has no ${what}. Use ${instead} for it.`,
  QUERY_FAILED: ({ why }) =>
    `The query was refused: ${why}. Queries are read-only; README lists the views to ask.`,
  CHECKPOINT_NOT_FOUND: ({ checkpoint }) =>
    `The thread has no checkpoint ${quote(checkpoint)}, so nothing can follow it; it may have been deleted meanwhile. Nothing was written. Go on from a checkpoint that saver.list(…) gives.`,
};

/** Quotes a name for a message; control characters come out escaped. */
function quote(name: string): string {
  return JSON.stringify(name);
}

/** Joins the first few of what may be many. */
function listFew(all: readonly string[]): string {
  const few = all.slice(0, 5);
  return [...few, ...(all.length > few.length ? [`and ${all.length - few.length} more`] : [])].join(", ");
}
