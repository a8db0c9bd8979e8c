import { createHash } from "node:crypto";
import type { Random } from "../random.js";
import { applyChanges, type Change, type Disk, enter, type Inode } from "./disk.js";
import { arrived, type Loss } from "./loss.js";

/** What is found in the folder after a power cut: names and contents. */
export type Image = ReadonlyMap<string, Buffer>;

/** Makes the image that a loss leaves of a disk. */
export function makeImage({ names, pending }: Disk, loss: Loss, random: Random): Image {
  const found = new Map(names);
  const changes = new Map<Inode, Change[]>();
  for (const [at, { inode, change }] of pending.entries()) {
    const fate = loss.fates[at] ?? "lost";
    if (change.kind === "entries") {
      if (fate === "kept") enter(found, change);
    } else if (inode !== undefined) {
      const known = changes.get(inode) ?? [];
      known.push(...arrived(change, fate, random));
      changes.set(inode, known);
    }
  }
  return new Map(
    [...found].map(([name, inode]) => [name, applyChanges(inode.durable, changes.get(inode) ?? [])]),
  );
}

const digests = new WeakMap<Buffer, string>();

/** Tells images apart; equal ones have equal names and contents. */
export function fingerprint(image: Image): string {
  const parts = [...image].map(([name, content]) => `${name}\0${digestOf(content)}`);
  return parts.sort().join("\0");
}

/** Most images share most of their files with the one before. */
function digestOf(content: Buffer): string {
  const digest = digests.get(content) ?? createHash("sha1").update(content).digest("base64");
  digests.set(content, digest);
  return digest;
}
