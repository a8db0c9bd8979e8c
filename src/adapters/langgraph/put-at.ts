import { checkpointKey, writesKey } from "./own-keys.js";
import { addWrites, firstWrites, type TaskWrites } from "./pending-writes.js";
import type { Place } from "./place.js";
import { firstValues, type Offered, putCheckpoint } from "./put-checkpoint.js";
import type { ThreadContexts } from "./thread-contexts.js";

/**
 * Puts a checkpoint at a place, whose context is made with what comes first.
 * @throws {ContextError} CHECKPOINT_NOT_FOUND, CONTEXT_EXISTS, KEY_PROTECTED
 */
export function putAt(contexts: ThreadContexts, place: Place, offered: Offered): void {
  const found = contexts.find(place);
  const ctx = found ?? contexts.make(place, firstValues(offered));
  const isDone = found === undefined && ctx.has(checkpointKey(offered.checkpoint.id));
  if (!isDone) putCheckpoint(ctx, offered);
}

/**
 * Adds writes to a checkpoint at a place, where it may come later than they do.
 * @throws {ContextError} CONTEXT_EXISTS
 */
export function addWritesAt(
  contexts: ThreadContexts,
  place: Place,
  checkpoint: string,
  offered: TaskWrites,
): void {
  const found = contexts.find(place);
  const ctx = found ?? contexts.make(place, firstWrites(checkpoint, offered));
  const isDone = found === undefined && ctx.has(writesKey(checkpoint));
  if (!isDone) addWrites(ctx, checkpoint, offered);
}
