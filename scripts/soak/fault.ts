import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { compileShim } from "./compile-shim.js";

/** Operations that reach the file system, and what they reach there. */
export type Operation =
  "open" | "read" | "write" | "fsync" | "truncate" | "unlink" | "rename" | "link" | "mmap" | "close";
export type FileKind = "db" | "wal" | "shm" | "anchor" | "draft" | "folder" | "other";

/** What is done to one file system call of a process. */
export interface Fault {
  /** Which call is hit: the first is 1. Calls are numbered among those of `operations` on `files`. */
  readonly at: number;
  /** The process dies there, the call fails, or half of a write is done (`torn`: and then it fails). */
  readonly deed: Death | "EIO" | "ENOSPC" | "EMFILE" | "EACCES" | "short" | "torn";
  readonly operations?: readonly Operation[];
  readonly files?: readonly FileKind[];
  /** Every later call of these fails as well. */
  readonly isSticky?: boolean;
}

export const deaths = ["before", "half", "after"] as const;
export type Death = (typeof deaths)[number];

/** One file system call of a process, in its order; `say` is a word to whoever started it. */
export interface Call {
  readonly operation: Operation | "say";
  readonly file: FileKind | "-";
}

/** The environment of a process whose calls are hit, or only written down in a log. */
export function faultEnvironment(folder: string, fault: Fault | undefined, log?: string): NodeJS.ProcessEnv {
  return {
    LD_PRELOAD: compileShim("fault-shim"),
    SOAK_FOLDER: folder,
    ...(log !== undefined && { SOAK_LOG: log }),
    ...(fault !== undefined && {
      SOAK_AT: String(fault.at),
      SOAK_DO: deedOf(fault),
      ...(fault.operations && { SOAK_OPS: fault.operations.join(",") }),
      ...(fault.files && { SOAK_FILES: fault.files.join(",") }),
      ...(fault.isSticky === true && { SOAK_STICKY: "1" }),
    }),
  };
}

/** Reads the log of a process's calls. */
export function readCalls(log: string): readonly Call[] {
  const lines = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
  return lines.map((line) => {
    const [, operation, file] = line.split(" ");
    // The shim writes these words only.
    return { operation, file } as Call;
  });
}

/** What is needed to see a fault again, in words. */
export function describeFault({ at, deed, operations, files, isSticky }: Fault): string {
  const where = `${operations?.join("/") ?? "call"} ${at}${files === undefined ? "" : ` on ${files.join("/")}`}`;
  return `${deed}${isSticky === true ? " from" : " at"} ${where}${isSticky === true ? " on" : ""}`;
}

function deedOf({ deed }: Fault): string {
  const { errno } = constants;
  switch (deed) {
    case "EIO":
    case "ENOSPC":
    case "EMFILE":
    case "EACCES":
      return String(errno[deed]);
    case "before":
    case "half":
    case "after":
    case "short":
    case "torn":
      return deed;
  }
}
