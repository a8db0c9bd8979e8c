import { ContextError, isContextError, type Store } from "../../../index.js";
import type { TaskWrites } from "../pending-writes.js";
import { addWritesAt, putAt } from "../put-at.js";
import { ThreadContexts } from "../thread-contexts.js";
import { parentsFirst } from "./parents-first.js";
import {
  type ReadCheckpoint,
  readCheckpointOf,
  readWritesOf,
  type ReadWrite,
  Unreadable,
} from "./read-saved.js";
import type { SavedPlace, SaverFile } from "./saver-file.js";

/** A thread with all its namespaces. */
export interface ThreadCount {
  readonly thread: string;
  readonly checkpoints: number;
  readonly writes: number;
}

/** A checkpoint that was left out, or the writes to one. */
export interface SkippedPart {
  readonly thread: string;
  readonly namespace: string;
  readonly checkpoint: string;
  readonly part: "checkpoint" | "writes";
  readonly why: string;
}

/** A clock that shows the time of what is being written. */
export interface Clock {
  now: number;
}

/** Puts every checkpoint and write of a file into a store, each at its own time, and counts them. */
export class ThreadCopier {
  readonly skipped: SkippedPart[] = [];
  readonly #file: SaverFile;
  readonly #contexts: ThreadContexts;
  readonly #clock: Clock;
  readonly #skips: boolean;
  /** The checkpoints of the present place that were put. */
  #copied = new Set<string>();
  readonly #counts = new Map<string, { checkpoints: number; writes: number }>();

  constructor(file: SaverFile, store: Store, clock: Clock, { skips }: { readonly skips: boolean }) {
    this.#file = file;
    this.#contexts = new ThreadContexts(store);
    this.#clock = clock;
    this.#skips = skips;
  }

  get threads(): readonly ThreadCount[] {
    return [...this.#counts].map(([thread, count]) => ({ thread, ...count }));
  }

  /** @throws {ContextError} CHECKPOINTS_UNREADABLE unless what cannot be read is skipped */
  async copy(): Promise<void> {
    for (const place of this.#file.places()) {
      this.#copied = new Set();
      for (const id of this.#idsOf(place)) await this.#copyCheckpoint(place, id);
    }
    this.#contexts.close();
  }

  /** Writes to what is not there come first: a checkpoint that follows it ends them. */
  #idsOf(place: SavedPlace): readonly string[] {
    const parents = this.#file.parents(place);
    const ordered = parentsFirst(parents);
    if (ordered === undefined) {
      const why = `in thread ${JSON.stringify(place.thread)}, a checkpoint comes before itself`;
      throw new ContextError("CHECKPOINTS_UNREADABLE", { source: this.#file.path, why });
    }
    return [...this.#file.writtenIds(place).filter((id) => !parents.has(id)), ...ordered];
  }

  async #copyCheckpoint(place: SavedPlace, id: string): Promise<void> {
    const count = this.#counts.get(place.thread) ?? { checkpoints: 0, writes: 0 };
    this.#counts.set(place.thread, count);
    const read = await readCheckpointOf(this.#file, place, id);
    const put = attempt(read, (checkpoint) => this.#put(place, checkpoint));
    if (put instanceof Unreadable) {
      this.#skip(place, id, "checkpoint", put);
      return;
    }
    if (read !== undefined) count.checkpoints += 1;
    const writes = await readWritesOf(this.#file, place, id);
    const set = attempt(writes, (kept) => this.#set(place, id, kept));
    if (set instanceof Unreadable) this.#skip(place, id, "writes", set);
    else if (!(writes instanceof Unreadable)) count.writes += writes.length;
  }

  #put(place: SavedPlace, read: ReadCheckpoint | undefined): void {
    if (read === undefined) return;
    const { checkpoint, metadata, parent } = read;
    const time = Date.parse(checkpoint.ts);
    if (time >= 0) this.#clock.now = Math.min(time, Date.now());
    const isParentLost = parent !== undefined && !this.#copied.has(parent);
    // All channels are named as changed, those without a version too; what is as it was is found to be so.
    const unchanged = Object.fromEntries(Object.keys(checkpoint.channel_values).map((name) => [name, 1]));
    const newVersions = { ...unchanged, ...checkpoint.channel_versions };
    putAt(this.#contexts, place, { checkpoint, metadata, parent, newVersions, isParentLost });
    this.#copied.add(checkpoint.id);
  }

  #set(place: SavedPlace, id: string, writes: readonly ReadWrite[]): void {
    for (const offered of tasksOf(writes)) addWritesAt(this.#contexts, place, id, offered);
  }

  #skip(place: SavedPlace, checkpoint: string, part: SkippedPart["part"], { why }: Unreadable): void {
    if (this.#skips) {
      this.skipped.push({ ...place, checkpoint, part, why });
      return;
    }
    const what = part === "writes" ? "the writes to checkpoint" : "checkpoint";
    const where = `${what} ${JSON.stringify(checkpoint)} of thread ${JSON.stringify(place.thread)}`;
    throw new ContextError("CHECKPOINTS_UNREADABLE", { source: this.#file.path, why: `${where}: ${why}` });
  }
}

/** Writes as their tasks handed them over, each task's together. */
function tasksOf(writes: readonly ReadWrite[]): readonly TaskWrites[] {
  const tasks = new Map<
    string,
    { task: string; path: string; writes: [string, unknown][]; numbers: number[] }
  >();
  for (const { task, path, index, channel, value } of writes) {
    const name = JSON.stringify([task, path]);
    const known = tasks.get(name) ?? { task, path, writes: [], numbers: [] };
    known.writes.push([channel, value]);
    known.numbers.push(index);
    tasks.set(name, known);
  }
  return [...tasks.values()];
}

/** What a store may find in a value that it does not keep. */
const refusals = ["VALUE_UNSUPPORTED", "VALUE_TOO_DEEP", "LIMIT_EXCEEDED", "KEY_INVALID"] as const;

/** Does something with what was read; a value that no store keeps is as one that cannot be read. */
function attempt<Read>(read: Read | Unreadable, work: (read: Read) => void): Unreadable | undefined {
  if (read instanceof Unreadable) return read;
  try {
    work(read);
    return undefined;
  } catch (error) {
    if (!isContextError(error) || !refusals.some((code) => code === error.code)) throw error;
    return new Unreadable(error.message);
  }
}
