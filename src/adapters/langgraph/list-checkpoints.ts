import {
  type CheckpointListOptions,
  type CheckpointTuple,
  getCheckpointId,
} from "@langchain/langgraph-checkpoint";
import { checkpointIdsOf } from "./own-keys.js";
import type { Scope } from "./place.js";
import { PlaceReader } from "./place-reader.js";
import type { ThreadContexts } from "./thread-contexts.js";

/** So many checkpoints are read ahead, of all places together. */
const mostAhead = 200;

/**
 * Lists the checkpoints that a scope covers, newest first. What is known of all at once is their ids; what they hold
 * is read as the reader goes on.
 */
export function* listCheckpoints(
  contexts: ThreadContexts,
  scope: Scope,
  options: CheckpointListOptions = {},
): Generator<CheckpointTuple> {
  let left = options.limit ?? Infinity;
  for (const { reader, index } of left > 0 ? candidates(contexts, scope, options) : []) {
    const tuple = reader.read(index);
    if (tuple === undefined) continue;
    yield tuple;
    left -= 1;
    if (left <= 0) return;
  }
}

interface Candidate {
  readonly reader: PlaceReader;
  readonly index: number;
  readonly id: string;
}

function candidates(
  contexts: ThreadContexts,
  scope: Scope,
  { before, filter }: CheckpointListOptions,
): Candidate[] {
  const end = before === undefined ? "" : getCheckpointId(before);
  const isAsked = (id: string) => (scope.checkpoint ?? id) === id && (end === "" || id < end);
  const places = contexts.places(scope);
  const largest = Math.ceil(mostAhead / places.length);
  const found = places.flatMap((place) => {
    const ids = checkpointIdsOf(contexts.find(place)?.keys() ?? []).filter(isAsked);
    const reader = new PlaceReader(contexts, place, ids, { filter, largest });
    return ids.map((id, index) => ({ reader, index, id }));
  });
  // Each place's are in order already, and stay so among equals.
  return found.sort((one, other) => (one.id < other.id ? 1 : one.id > other.id ? -1 : 0));
}
