import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lackingShim } from "../compile-shim.js";
import { makeDisk } from "./shut-down-round.js";

/** Why no file system can be made, mounted and shut down here; undefined where it can. */
export function lackingDisks(): string | undefined {
  const lacking = lackingShim();
  if (lacking !== undefined) return lacking;
  if (process.getuid?.() !== 0) return "it needs root's rights";
  if (spawnSync("mkfs.ext4", ["-V"]).status !== 0) return "no mkfs.ext4";
  const folder = mkdtempSync(join(tmpdir(), "durable-context-disk-"));
  try {
    const disk = makeDisk(folder, { name: "probe", options: "loop" });
    const mount = ["mount", "-o", disk.options, disk.image, disk.folder];
    const { status, stderr } = spawnSync("unshare", ["--mount", ...mount], { encoding: "utf8" });
    return status === 0 ? undefined : `no loop device can be mounted: ${stderr.trim()}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
