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
  contexts.write(place, () => firstValues(offered), {
    isDone: (ctx) => ctx.has(checkpointKey(offered.checkpoint.id)),
    write: (ctx) => putCheckpoint(ctx, offered),
  });
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
  contexts.write(place, () => firstWrites(checkpoint, offered), {
    isDone: (ctx) => ctx.has(writesKey(checkpoint)),
    write: (ctx) => addWrites(ctx, checkpoint, offered),
  });
}
