import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleChild } from "../bundle.js";
import { readSaid } from "../power/acknowledged.js";
import { type Opened, openAfterCut, storeName } from "../power/open-image.js";
import type { TracedAssignment, Work } from "../power/record-trace.js";

/** A file system in a file, and where it is mounted. */
export interface LoopDisk {
  readonly image: string;
  /** As `mount -o` takes them. */
  readonly options: string;
  readonly folder: string;
}

const diskBytes = 256 * 2 ** 20;

/**
 * What `shut-down` says right before it does it. A flush that is under way at that moment may return without an
 * error and without having flushed: ext4 forgets to look, as a program of a few lines shows that does nothing
 * but write and flush. So what is acknowledged later does not count, though nearly all of it is there.
 */
const lastWords = "shutdown\n";

/** Makes an ext4 file system in a new file. */
export function makeDisk(folder: string, { name, options }: { name: string; options: string }): LoopDisk {
  const disk = { image: join(folder, `${name}.ext4`), options, folder: join(folder, name) };
  writeFileSync(disk.image, "");
  truncateSync(disk.image, diskBytes);
  mkdirSync(disk.folder);
  const { status, stderr } = spawnSync("mkfs.ext4", ["-q", disk.image], { encoding: "utf8" });
  if (status !== 0) throw new Error(`mkfs.ext4 failed: ${stderr}`);
  return disk;
}

/** Who works on a disk, for how long, and by what it is shut down. */
export interface Round {
  readonly disk: LoopDisk;
  readonly works: readonly Omit<Work, "rounds">[];
  /** So many times they acknowledge something before the end comes. */
  readonly acknowledgements: number;
  readonly shutDown: string;
  /** An empty folder for what is found afterwards. */
  readonly copy: string;
}

/** What was acknowledged in a round, and what the store says after it. */
export interface RoundEnd extends Opened {
  readonly told: readonly string[];
}

/** Shuts a disk down while processes work on it, and opens what it holds once it is mounted again. */
export async function shutDownRound({
  disk,
  works,
  acknowledgements,
  shutDown,
  copy,
}: Round): Promise<RoundEnd> {
  const program = await bundleChild("traced-work");
  const assignments = works.map((work): TracedAssignment => {
    return { ...work, path: join(disk.folder, storeName), rounds: 1e9, dies: true };
  });
  for (const name of readdirSync(copy)) rmSync(join(copy, name));
  const script = join(import.meta.dirname, "round.sh");
  const words = [disk.image, disk.options, disk.folder, shutDown, copy, process.execPath, program];
  const child = spawn(
    "unshare",
    ["--mount", "sh", script, ...words, ...assignments.map((one) => JSON.stringify(one))],
    { timeout: 60_000 },
  );
  let said = "";
  let complaints = "";
  child.stdout.on("data", (part: Buffer) => {
    said += part.toString();
    if (said.split("\n").length > acknowledgements) child.stdin.end("\n");
  });
  child.stderr.on("data", (part: Buffer) => (complaints += part.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`A round ended with ${String(code)}: ${complaints}`);
  const [before = ""] = said.split(lastWords);
  return { told: readSaid(before), ...openAfterCut(copy, new Set(readdirSync(copy)), "thorough") };
}
