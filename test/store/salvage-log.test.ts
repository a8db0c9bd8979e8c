import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Store } from "../../src/index.js";
import { linesIn } from "../../scripts/soak/event-rows.js";
import { BrokenStore } from "../support/broken-store.js";

describe("the salvage of a damaged log", () => {
  it("recovers what SQLite drops behind a flipped bit", () => {
    const broken = new BrokenStore(fillSmall, { log: true });
    const before = linesIn(broken.whole);
    broken.change("-wal", (bytes) => {
      bytes[Math.floor(bytes.length / 2)]! ^= 8;
      return bytes;
    });
    const dropped = join(broken.folder, "dropped.db");
    for (const ending of ["", "-wal"]) copyFileSync(broken.file + ending, dropped + ending);

    const { isComplete, damage } = broken.salvage();

    expect([...linesIn(dropped).values()].flat().length).toBeLessThan([...before.values()].flat().length);
    expect(linesIn(broken.into)).toEqual(before);
    expect(isComplete).toBe(true);
    expect(damage).toEqual(["the log has frames whose checksum does not fit: 1"]);
  });

  it("takes a log whose header is gone by what is in it", () => {
    const broken = new BrokenStore(fillSmall, { log: true });
    const before = linesIn(broken.whole);

    broken.change("-wal", (bytes) => bytes.fill(0, 0, 32));
    broken.salvage();

    expect(linesIn(broken.into)).toEqual(before);
  });

  it("recovers a log whose database is gone", () => {
    const broken = new BrokenStore(fillSmall, { log: true });
    const before = linesIn(broken.whole);

    rmSync(broken.file);
    broken.salvage();

    expect(linesIn(broken.into)).toEqual(before);
  });
});

/** So little that all of it is in the log. */
function fillSmall(store: Store): void {
  for (const id of ["run-41", "run-42"])
    for (let step = 1; step <= 20; step += 1) store.context(id).set("step", "x".repeat(step * 10));
}
