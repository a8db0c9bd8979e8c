import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Telling } from "../acknowledge.js";
import { bundleChild } from "../bundle.js";
import { compileShim } from "../compile-shim.js";
import { runWorker, unexpectedEnd } from "../worker.js";
import type { Image } from "./image.js";
import { fillFolder, storeName } from "./open-image.js";
import { type Deed, parseTrace } from "./trace.js";

/** What a traced process does to a store that it makes. */
export interface Work extends Telling {
  readonly seed: number;
  readonly rounds: number;
  /** How probable it is that the store is closed and opened again after a round. */
  readonly reopens: number;
  /** How probable it is that a round redacts something, and so empties the log. */
  readonly redacts: number;
  /** Texts are shorter than this. */
  readonly textLength: number;
  /** SQLite itself flushes nothing. */
  readonly syncsNever?: boolean;
  /** The flush of this number fails; the first is 1. */
  readonly failSync?: number;
  /** It makes a backup and an export, too, beside the store. */
  readonly copies?: boolean;
  /** It prunes what it has written, with an archive beside the store. */
  readonly prunes?: boolean;
  /** It dies at the first error, and does not close the store and go on. */
  readonly dies?: boolean;
}

export interface TracedAssignment extends Work {
  readonly path: string;
}

/** What is in the folder before the work, and who goes on with it after a process that died. */
export interface Circumstances {
  readonly start?: Image;
  readonly heir?: Work;
}

/** Lets a process work in a folder, empty or as a power cut left it, and gives all that was done there. */
export async function recordTrace(
  scratch: string,
  work: Work,
  { start = new Map(), heir }: Circumstances = {},
): Promise<readonly Deed[]> {
  const folder = mkdtempSync(join(scratch, "traced-"));
  fillFolder(folder, start);
  const file = `${folder}.trace`;
  await traceProcess(work, { folder, file });
  if (heir !== undefined) await traceProcess(heir, { folder, file });
  const trace = parseTrace(readFileSync(file));
  rmSync(folder, { recursive: true });
  rmSync(file);
  return trace;
}

/** Lets a process work, and adds what it does to a trace. */
async function traceProcess(work: Work, { folder, file }: { folder: string; file: string }): Promise<void> {
  const program = await bundleChild("traced-work");
  const assignment: TracedAssignment = { ...work, path: join(folder, storeName) };
  const env = {
    LD_PRELOAD: compileShim("trace-shim"),
    TRACE_FOLDER: folder,
    TRACE_FILE: file,
    ...(work.failSync !== undefined && { TRACE_FAIL_SYNC: String(work.failSync) }),
  };
  const end = await runWorker(program, assignment, { env });
  const [unexpected] =
    end.signal === "SIGKILL" && work.dies !== true ? ["it was killed"] : unexpectedEnd(end);
  if (unexpected !== undefined) throw new Error(`Of the traced work: ${unexpected}`);
}
