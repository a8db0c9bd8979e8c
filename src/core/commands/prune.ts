import { type Archive, archiveKey } from "../archive.js";
import type { Taken } from "../value/codec.js";
import type { Command } from "./command.js";

/** A pruning: what went, and what proves the baseline that stands in its place. */
export interface Pruning {
  readonly archive: Archive;
  /** The archive's record, fit to be kept. */
  readonly record: Taken;
  readonly baseline: string;
  /** The events of the baseline in which something had been erased. */
  readonly erased: readonly number[];
}

/** Records that the history up to an event is pruned; its hash, from which the chain goes on, stays. */
export function pruneHistory({ archive, record, baseline, erased }: Pruning): Command<undefined> {
  return {
    asked: () => ["prune", archive.to],
    decide: () => ({
      draft: {
        type: "history_pruned",
        effects: [{ op: "set", scope: "archive", key: archiveKey(archive), held: record }],
        details: { floor: archive.to, baseline, ...(erased.length > 0 && { erased }) },
      },
      outcome: undefined,
    }),
  };
}
