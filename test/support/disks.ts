import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./sqlite-files.js";

/** Whether this process may mount a disk, which takes Linux and root's rights. */
export const mayMount = canMount();

/** A disk in memory of a size such as "256k", which goes when the test ends. */
export function mountDisk(size: string): string {
  const folder = join(temporaryFolder(), "disk");
  mkdirSync(folder);
  run("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]);
  onTestFinished(() => {
    run("umount", ["--lazy", folder]);
  });
  return folder;
}

/** Makes a disk read-only for everybody. */
export function forbidWrites(disk: string): void {
  run("mount", ["-o", "remount,ro", disk]);
}

function canMount(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), "durable-context-disk-"));
  const { status } = call("mount", ["-t", "tmpfs", "tmpfs", folder]);
  if (status === 0) run("umount", [folder]);
  rmdirSync(folder);
  return status === 0;
}

function run(program: string, words: readonly string[]): void {
  const { status, stderr } = call(program, words);
  if (status !== 0) throw new Error(stderr);
}

function call(program: string, words: readonly string[]) {
  return spawnSync(program, words, { encoding: "utf8" });
}
