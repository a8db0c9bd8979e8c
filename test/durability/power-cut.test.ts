import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lackingShim } from "../../scripts/soak/compile-shim.js";
import { Disk } from "../../scripts/soak/power/disk.js";
import { fingerprint, makeImage } from "../../scripts/soak/power/image.js";
import { type Fate, loseAll } from "../../scripts/soak/power/loss.js";
import { recordTrace } from "../../scripts/soak/power/record-trace.js";
import { searchTrace } from "../../scripts/soak/power/search-trace.js";
import type { Deed } from "../../scripts/soak/power/trace.js";
import { createRandom } from "../../scripts/soak/random.js";
import { temporaryFolder } from "../support/sqlite-files.js";

describe("a disk whose power is cut", () => {
  it("has of a file what was flushed, under a name that was flushed with the folder", () => {
    const named = [open("a", 3), write(3, "old"), sync(3), open("", 4), sync(4), write(3, "new")];

    expect(left(named)).toEqual({ a: "old" });
    expect(left(named.slice(0, 3))).toEqual({});
  });

  it("may have any of what is on its way, and of a write some sectors only or its size only", () => {
    const pending = [
      open("a", 3),
      open("", 4),
      sync(4),
      write(3, "x".repeat(1024)),
      write(3, "y".repeat(512)),
    ];

    expect(left(pending, ["lost", "kept"])).toEqual({ a: "y".repeat(512) });
    expect(left(pending, ["grown", "lost"])).toEqual({ a: "\0".repeat(1024) });
    expect([...new Set(left(pending, ["torn", "lost"]).a)].sort()).not.toContain("y");
  });

  it("has both halves of a renaming or neither", () => {
    const renamed = [
      open("a", 3),
      open("", 4),
      sync(4),
      { kind: "rename", path: "/f/a", to: "/f/b" },
    ] as const;

    expect(left(renamed)).toEqual({ a: "" });
    expect(left(renamed, ["kept"])).toEqual({ b: "" });
  });

  it("forgets what was on its way when a flush fails, and not what comes later", () => {
    const failed = [open("a", 3), open("", 4), sync(4), write(3, "old"), sync(3, { failed: true })];

    expect(left([...failed, sync(3)])).toEqual({ a: "" });
    expect(left([...failed, write(3, "new"), sync(3)])).toEqual({ a: "new" });
  });

  it("has nothing for sure if it lies about flushes", () => {
    const disk = follow(
      [open("a", 3), write(3, "old"), sync(3), open("", 4), sync(4)],
      new Disk({ lies: true }),
    );

    expect(imageOf(disk, [])).toEqual({});
  });

  it("leaves the same image, however it came about", () => {
    const one = follow([open("a", 3), open("", 4), sync(4), write(3, "old")], new Disk({}));
    const other = follow(
      [sync(3)],
      follow([open("a", 3), open("", 4), sync(4), write(3, "old")], new Disk({})),
    );

    const images = [
      makeImage(one, { what: "all", fates: ["kept"] }, createRandom(1)),
      makeImage(other, loseAll(other.pending), createRandom(1)),
    ];

    expect(new Set(images.map(fingerprint)).size).toBe(1);
  });
});

describe.skipIf(lackingShim() !== undefined)("a flush that fails", () => {
  const work = { seed: 1, rounds: 1, reopens: 0, redacts: 0, textLength: 10 };

  it("leaves a new store whole after a power cut, if it was the last one before that was shown", async () => {
    const folder = temporaryFolder();
    const clean = await recordTrace(folder, work);
    const shown = clean.findIndex(({ kind }) => kind === "link");
    const failSync = countSyncs(clean.slice(0, shown));

    const trace = await recordTrace(folder, { ...work, failSync, dies: true });

    expect(cutPower(folder, trace)).toEqual([]);
  });

  it("of a commit leaves nothing that the next process would build on", async () => {
    const folder = temporaryFolder();
    const clean = await recordTrace(folder, work);
    const acknowledged = clean.findLastIndex(({ kind }) => kind === "said");
    const failSync = countSyncs(clean.slice(0, acknowledged));

    const trace = await recordTrace(
      folder,
      { ...work, failSync, dies: true },
      { heir: { ...work, seed: 2 } },
    );

    expect(cutPower(folder, trace)).toEqual([]);
  });
});

function countSyncs(trace: readonly Deed[]): number {
  return trace.filter(({ kind }) => kind === "sync").length;
}

/** What was not as promised after power cuts at all points of a trace. */
function cutPower(folder: string, trace: readonly Deed[]): readonly string[] {
  const images = join(folder, "images");
  mkdirSync(images);
  return searchTrace({ trace, random: createRandom(1), folder: images, images: 20, thoroughEvery: 10 })
    .failures;
}

/** What is left of these deeds when the power is cut; what is pending is lost where no fate is given. */
function left(deeds: readonly Deed[], fates: readonly Fate[] = []): Record<string, string> {
  return imageOf(follow(deeds, new Disk({})), fates);
}

function follow(deeds: readonly Deed[], disk: Disk): Disk {
  for (const [number, deed] of deeds.entries()) disk.follow(deed, number);
  return disk;
}

function imageOf(disk: Disk, fates: readonly Fate[]): Record<string, string> {
  const image = makeImage(disk, { what: "", fates }, createRandom(1));
  return Object.fromEntries([...image].map(([name, content]) => [name, content.toString()]));
}

function open(name: string, descriptor: number): Deed {
  return {
    kind: "open",
    descriptor,
    path: name === "" ? "/f" : `/f/${name}`,
    creates: name !== "",
    empties: false,
  };
}

function write(descriptor: number, text: string): Deed {
  return { kind: "write", descriptor, offset: 0, data: Buffer.from(text) };
}

function sync(descriptor: number, { failed = false } = {}): Deed {
  return { kind: "sync", descriptor, failed };
}
