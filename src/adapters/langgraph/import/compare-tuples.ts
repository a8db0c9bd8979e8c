import { type CheckpointTuple, maxChannelVersion, TASKS } from "@langchain/langgraph-checkpoint";
import { ContextError, type Store } from "../../../index.js";
import { DurableContextSaver } from "../durable-context-saver.js";
import { configOf } from "../place.js";
import type { SkippedPart } from "./copy-threads.js";
import { readCheckpointOf, readWritesOf, Unreadable } from "./read-saved.js";
import { findDifference } from "./find-difference.js";
import type { SavedPlace, SaverFile } from "./saver-file.js";

/**
 * Reads every tuple of a file again, and out of the store, and compares them.
 * @throws {ContextError} CHECKPOINTS_UNREADABLE where one differs
 */
export async function compareTuples(
  file: SaverFile,
  store: Store,
  skipped: readonly SkippedPart[],
): Promise<void> {
  using saver = new DurableContextSaver(store);
  const isSkipped = ({ thread, namespace }: SavedPlace, id: string, part: SkippedPart["part"]) =>
    skipped.some(
      (one) =>
        one.part === part && one.checkpoint === id && one.thread === thread && one.namespace === namespace,
    );
  for (const place of file.places()) {
    for (const id of file.parents(place).keys()) {
      if (isSkipped(place, id, "checkpoint")) continue;
      const expected = await tupleOf(
        file,
        place,
        id,
        (of) => isSkipped(place, of, "checkpoint") || isSkipped(place, of, "writes"),
      );
      const found = await saver.getTuple(configOf(place, id));
      const difference = findDifference(expected, found);
      if (difference === undefined) continue;
      const where = `checkpoint ${JSON.stringify(id)} of thread ${JSON.stringify(place.thread)}`;
      const why = `${where} would not come back as it is, at ${JSON.stringify(difference.join("."))}`;
      throw new ContextError("CHECKPOINTS_UNREADABLE", { source: file.path, why });
    }
  }
}

/** What SqliteSaver gives of a checkpoint, but bytes as they were written. */
async function tupleOf(
  file: SaverFile,
  place: SavedPlace,
  id: string,
  hasNoWrites: (id: string) => boolean,
): Promise<CheckpointTuple | undefined> {
  const writesOf = async (of: string) => {
    const writes = hasNoWrites(of) ? [] : await readWritesOf(file, place, of);
    return writes instanceof Unreadable ? [] : writes;
  };
  const read = await readCheckpointOf(file, place, id);
  if (read === undefined || read instanceof Unreadable) return undefined;
  const { checkpoint, metadata, parent } = read;
  const isOld = checkpoint.v < 4 && parent !== undefined;
  const sends = isOld ? (await writesOf(parent)).filter(({ channel }) => channel === TASKS) : [];
  return {
    config: configOf(place, id),
    checkpoint: isOld
      ? withSends(
          checkpoint,
          sends.map(({ value }) => value),
        )
      : checkpoint,
    metadata,
    pendingWrites: (await writesOf(id)).map(({ task, channel, value }) => [task, channel, value]),
    ...(parent === undefined ? {} : { parentConfig: configOf(place, parent) }),
  };
}

/** Older graphs kept what was sent among the writes to the checkpoint before. */
function withSends(
  checkpoint: CheckpointTuple["checkpoint"],
  sends: readonly unknown[],
): CheckpointTuple["checkpoint"] {
  const versions = Object.values(checkpoint.channel_versions);
  const version = versions.length === 0 ? 1 : maxChannelVersion(...versions);
  return {
    ...checkpoint,
    channel_values: { ...checkpoint.channel_values, [TASKS]: sends },
    channel_versions: { ...checkpoint.channel_versions, [TASKS]: version },
  };
}
