import type { CheckpointTuple } from "@langchain/langgraph-checkpoint";
import { isDeepStrictEqual } from "node:util";
import { pageSize, readStates } from "./checkpoint-pages.js";
import { type CheckpointEntry, entryOf, type Values } from "./checkpoint-record.js";
import { type Followers, followersIn } from "./pending-writes.js";
import type { Place } from "./place.js";
import { tupleOf } from "./read-checkpoint.js";
import type { ThreadContext, ThreadContexts } from "./thread-contexts.js";

/** Which checkpoints are wanted, by what their metadata say; all of them without. */
export type MetadataFilter = Readonly<Record<string, unknown>>;

/** Reads checkpoints of one place in the order of a list, several at once: it may be asked for one, or for all. */
export class PlaceReader {
  readonly place: Place;
  readonly #contexts: ThreadContexts;
  readonly #ids: readonly string[];
  readonly #filter: MetadataFilter | undefined;
  readonly #largest: number;
  #most = 1;
  #followers: Followers | undefined;
  /** What was read ahead. */
  #states = new Map<number, Values>();

  constructor(
    contexts: ThreadContexts,
    place: Place,
    ids: readonly string[],
    { filter, largest }: { readonly filter: MetadataFilter | undefined; readonly largest: number },
  ) {
    this.#contexts = contexts;
    this.place = place;
    this.#ids = ids;
    this.#filter = filter;
    this.#largest = largest;
  }

  /** The checkpoint in this place of the list; undefined where it is not wanted, or gone by now. */
  read(index: number): CheckpointTuple | undefined {
    const id = this.#ids[index];
    const ctx = this.#contexts.find(this.place);
    const entry = ctx && id !== undefined ? this.#wanted(ctx, id) : undefined;
    if (ctx === undefined || id === undefined || entry === undefined) return undefined;
    if (!this.#states.has(entry.version)) this.#readAhead(ctx, index);
    const values = this.#states.get(entry.version);
    this.#states.delete(entry.version);
    return values && tupleOf(ctx, { place: this.place, id, entry }, values, this.#followers);
  }

  #readAhead(ctx: ThreadContext, index: number): void {
    const next = this.#ids.slice(index, index + this.#most).flatMap((id) => this.#wanted(ctx, id) ?? []);
    const versions = next.slice(0, pageSize(next)).map(({ version }) => version);
    this.#states = new Map(readStates(ctx, versions));
    // Whatever is put meanwhile is newer than what is read here, but may follow it.
    this.#followers = this.#most === 1 ? undefined : followersIn(ctx);
    this.#most = Math.min(this.#most * 4, this.#largest);
  }

  #wanted(ctx: ThreadContext, id: string): CheckpointEntry | undefined {
    const entry = entryOf(ctx, id);
    if (entry === undefined || this.#filter === undefined) return entry;
    return fits(entry.metadata, this.#filter) ? entry : undefined;
  }
}

function fits(metadata: object, filter: MetadataFilter): boolean {
  const told = new Map(Object.entries(metadata));
  return Object.entries(filter).every(
    ([name, wanted]) => told.has(name) && isDeepStrictEqual(told.get(name), wanted),
  );
}
