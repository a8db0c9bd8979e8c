import { join } from "node:path";
import { isContextError, type Store } from "../../../src/index.js";
import { eventsOfArchive } from "../kill/pruning.js";
import { eventName } from "./acknowledged.js";
import type { Image } from "./image.js";

/**
 * Gives the events that a store has pruned, out of the archives that it names. An archive that has its name is
 * whole, whether the store knows of it or not.
 * @throws {Error} if one is not, or is not there
 */
export function archivedEvents(store: Store, folder: string, image: Pick<Image, "keys">): readonly string[] {
  for (const name of image.keys()) if (name.endsWith(".jsonl.gz")) eventsOfArchive(join(folder, name));
  return store.contexts().flatMap(({ id: context }) => {
    const archive = archiveOf(store, context);
    if (archive === undefined) return [];
    return [...eventsOfArchive(archive)].map(([sequence, hash]) => eventName({ context, sequence, hash }));
  });
}

/** The archive of a context that was pruned once. */
function archiveOf(store: Store, context: string): string | undefined {
  try {
    store.context(context).at("#1");
    return undefined;
  } catch (error) {
    if (isContextError(error, "HISTORY_PRUNED")) return error.details.archive;
    throw error;
  }
}
