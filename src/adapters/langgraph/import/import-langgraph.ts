import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Attribution, ContextError, openStore, runAs, type Store } from "../../../index.js";
import { contextIdOf } from "../place.js";
import { compareTuples } from "./compare-tuples.js";
import { type SkippedPart, type ThreadCount, ThreadCopier } from "./copy-threads.js";
import { SaverFile } from "./saver-file.js";

/** What of a file is brought over, and in whose name. */
export interface ImportLangGraphOptions extends Pick<Attribution, "actor" | "cause"> {
  /** Checks all of it and writes nothing. */
  readonly dryRun?: boolean;
  /** Leaves out checkpoints that cannot be read, and names them in the answer; otherwise nothing is imported. */
  readonly skipUnreadable?: boolean;
}

/** What was brought over, or would be. */
export interface ImportedLangGraph {
  readonly source: string;
  readonly threads: readonly ThreadCount[];
  readonly checkpoints: number;
  readonly writes: number;
  readonly skipped: readonly SkippedPart[];
}

/**
 * Brings over the threads of a file that LangGraph's SqliteSaver wrote: every checkpoint and every write, with the
 * checkpoints' own times, all or nothing. Each is read back and compared before anything is written to the store.
 * @example await importLangGraph("checkpoints.db", store)
 * @throws {ContextError} EXPORT_NOT_FOUND, CHECKPOINTS_UNREADABLE, THREAD_EXISTS
 */
export async function importLangGraph(
  source: string,
  store: Store,
  { dryRun = false, skipUnreadable = false, ...said }: ImportLangGraphOptions = {},
): Promise<ImportedLangGraph> {
  using file = new SaverFile(source);
  requireNew(file, store);
  const folder = mkdtempSync(join(tmpdir(), "durable-context-import-"));
  try {
    const clock = { now: 0 };
    using scratch = openStore(join(folder, "threads.db"), {
      durability: "normal",
      now: () => clock.now,
    });
    const copier = new ThreadCopier(file, scratch, clock, { skips: skipUnreadable });
    await runAs(said, () => copier.copy());
    await compareTuples(file, scratch, copier.skipped);
    if (!dryRun) move(scratch, store, join(folder, "threads.jsonl"), said);
    return reportOf(source, copier);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function reportOf(source: string, { threads, skipped }: ThreadCopier): ImportedLangGraph {
  const [checkpoints, writes] = (["checkpoints", "writes"] as const).map((of) =>
    threads.reduce((sum, thread) => sum + thread[of], 0),
  );
  return { source, threads, checkpoints: checkpoints ?? 0, writes: writes ?? 0, skipped };
}

/** Says at once what would be refused at the end. */
function requireNew(file: SaverFile, store: Store): void {
  for (const place of file.places()) {
    if (store.find(contextIdOf(place)) === undefined) continue;
    throw new ContextError("THREAD_EXISTS", { thread: place.thread, source: file.path });
  }
}

/** Events keep their hashes on the way, which cover all that was compared. */
function move(scratch: Store, store: Store, file: string, said: Pick<Attribution, "actor" | "cause">): void {
  if (scratch.contexts().length === 0) return;
  scratch.save(file);
  store.load(file, said);
}
