import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  type Address,
  type ContextError,
  isContextError,
  openMemoryStore,
  openStore,
  type Store,
} from "../../../src/index.js";
import type { Act } from "./acts.js";

const storeName = "runs.db";
const name = "long past";
const steps = 12;
const keptVersions = 4;
const knownFile = "long-past.json";

/** What a history was before it was pruned. */
export interface KnownPast {
  /** The hash of each event, the first one's first. */
  readonly hashes: readonly string[];
  /** The state of each version. */
  readonly states: readonly unknown[];
}

/** Makes a history that is worth pruning, and writes down what it is, in the folder of the store. */
export function makeLongPast(store: Store, folder: string): void {
  const past = store.context<{ messages: string[] } & Record<string, unknown>>(name, {
    initial: { messages: [] },
  });
  for (let step = 1; step <= steps; step += 1) {
    // Soon long enough to be recorded as changes.
    past.edit("messages", (messages) => void messages.push(`message ${step} `.padEnd(700, "m")));
    past.set(`key ${step % 5}`, { step });
    if (step % 6 === 0) past.delete("key 1");
    past.setEphemeral("progress", step);
  }
  const states = Array.from({ length: past.version + 1 }, (_, version) => past.at(version).data);
  const known: KnownPast = { hashes: [...hashesIn(store).values()], states };
  writeFileSync(join(folder, knownFile), JSON.stringify(known));
}

/** Pruning with an archive: whenever it ends, every event is in the archive or in the store. */
export const pruning: Act = {
  name: "pruning",
  run: (folder) => {
    using store = openStore(join(folder, storeName));
    store.context(name).prune({ keep: { versions: keptVersions } });
  },
  outcome: (folder) => {
    using store = openStore(join(folder, storeName));
    const known = JSON.parse(readFileSync(join(folder, knownFile), "utf8")) as KnownPast;
    return pastOf(store, known, join(folder, `${storeName}.archive`));
  },
};

/** Whether a history was pruned; or, in words, what was lost of it, or what is told wrongly. */
export function pastOf(store: Store, known: KnownPast, archives: string): ReturnType<Act["outcome"]> {
  const refusal = refusalAt(store, "#1");
  const floor = refusal?.details.floor ?? 0;
  const archived = archivedIn(archives, refusal?.details.archive);
  const present = hashesIn(store);
  const lost = known.hashes.findIndex((hash, index) => {
    const sequence = index + 1;
    return (sequence <= floor ? archived : present).get(sequence) !== hash;
  });
  if (lost >= 0) return { between: `event #${lost + 1} is neither in the store nor in the archive` };
  const oldestKept = known.states.length - keptVersions;
  const wrong = known.states.findIndex((state, version) => {
    if (refusalAt(store, version) !== undefined) return floor === 0 || version >= oldestKept;
    return !isDeepStrictEqual(store.context(name).at(version).data, state);
  });
  if (wrong >= 0) return { between: `version ${wrong} is refused, or is another one` };
  return floor === 0 ? "undone" : "done";
}

function refusalAt(store: Store, address: Address): ContextError<"HISTORY_PRUNED"> | undefined {
  try {
    store.context(name).at(address);
    return undefined;
  } catch (error) {
    if (isContextError(error, "HISTORY_PRUNED")) return error;
    throw error;
  }
}

/**
 * The events of the archive that a store names; every archive of a folder has to be whole.
 * @throws {ContextError} EXPORT_NOT_FOUND, EXPORT_INVALID
 */
function archivedIn(folder: string, named: string | undefined): ReadonlyMap<number, string> {
  const files = readdirIfThere(folder).map((file) => join(folder, file));
  for (const file of new Set([...files, ...(named === undefined ? [] : [named])])) {
    const events = eventsOfArchive(file);
    if (file === named) return events;
  }
  return new Map();
}

/**
 * The hashes of the events of an archive, by their numbers.
 * @throws {ContextError} EXPORT_NOT_FOUND, EXPORT_INVALID
 */
export function eventsOfArchive(file: string): ReadonlyMap<number, string> {
  using memory = openMemoryStore();
  const events = memory.load(file).flatMap((id) => [...memory.context(id).events()]);
  return new Map(events.map(({ sequence, hash }) => [sequence, hash]));
}

function readdirIfThere(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".jsonl.gz")) : [];
}

/** The hashes of a store's rows, by the number of their event. */
function hashesIn(store: Store): ReadonlyMap<number, string> {
  const { rows } = store.query(
    `SELECT sequence, lower(hex(hash)) AS hash FROM events JOIN contexts AS c ON c.id = events.context
     WHERE c.name = ? ORDER BY sequence`,
    [name],
  );
  return new Map(rows.map(({ sequence, hash }) => [Number(sequence), String(hash)]));
}
