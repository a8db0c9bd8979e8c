import { entryOf } from "./checkpoint-record.js";
import { decided } from "./decided.js";
import { checkpointIdsOf, checkpointKey, writesKey } from "./own-keys.js";
import type { ThreadContext } from "./thread-contexts.js";

/** What became of checkpoints that were to go. */
export interface Removal {
  readonly removed: readonly string[];
  /** Those that others need: a channel that stores its changes alone is put together from them. */
  readonly needed: readonly string[];
}

/**
 * Removes the checkpoints of a place that are not wanted. Their values stay in the history, as all that was, until it
 * is pruned.
 */
export function removeCheckpoints(
  ctx: ThreadContext,
  isUnwanted: (id: string, index: number) => boolean,
): Removal {
  let removal: Removal = { removed: [], needed: [] };
  decided(ctx, (expectedVersion) => {
    const ids = checkpointIdsOf(ctx.keys());
    const unwanted = ids.filter(isUnwanted);
    const going = new Set(unwanted);
    const needed = ancestorsNeeded(
      ctx,
      ids.filter((id) => !going.has(id)),
    );
    const removed = unwanted.filter((id) => !needed.has(id));
    removal = { removed, needed: unwanted.filter((id) => needed.has(id)) };
    const remove = removed.flatMap((id) => [checkpointKey(id), writesKey(id)]);
    ctx.update({}, { remove, expectedVersion });
  });
  return removal;
}

/** The checkpoints whose writes others still have to be put together from. */
function ancestorsNeeded(ctx: ThreadContext, kept: readonly string[]): ReadonlySet<string> {
  const needed = new Set<string>();
  for (const id of kept) {
    let left = stepsSinceSnapshot(ctx, id);
    for (let next = entryOf(ctx, id)?.parent; next !== undefined && left > 0; left -= 1) {
      needed.add(next);
      next = entryOf(ctx, next)?.parent;
    }
  }
  return needed;
}

/** How many steps ago all of its channels were last stored whole; none where all of them are now. */
function stepsSinceSnapshot(ctx: ThreadContext, id: string): number {
  const counters = entryOf(ctx, id)?.metadata.counters_since_delta_snapshot ?? {};
  return Math.max(0, ...Object.values(counters).map(([, steps]) => steps));
}
