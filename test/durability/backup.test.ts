import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore, type Store } from "../../src/index.js";
import { spoken, startChild } from "../support/child-processes.js";
import { temporaryFolder } from "../support/sqlite-files.js";

describe("a backup while other processes write", () => {
  it("is sound, and a beginning of what each context became", { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    using store = openStore(join(folder, "runs.db"));
    const sharing = startChild("share-context", store.location, "writer", "100000");
    const writing = startChild("write-until-killed", store.location);
    await spoken(writing);

    const backups = Array.from({ length: 10 }, (_, round) =>
      store.backup(join(folder, `backup-${round}.db`)),
    );

    await Promise.all([sharing, writing].map(killed));
    const whole = hashesOf(store);
    const sizes = backups.map(({ file, events }) => {
      using copy = openStore(file, { create: false });
      const hashes = hashesOf(copy);
      expect(hashes).toEqual(
        whole
          .slice(0, hashes.length)
          .map(([id, all], place) => [id, all.slice(0, hashes[place]?.[1].length)]),
      );
      expect(copy.verify().faults).toEqual([]);
      expect(hashes.flatMap(([, own]) => own)).toHaveLength(events);
      return events;
    });
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(sizes[0]).toBeLessThan(sizes.at(-1) ?? 0);
  });

  it("keeps none of them waiting", { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    using store = openStore(join(folder, "runs.db"), { durability: "normal" });
    const ballast = store.context("ballast");
    for (let place = 0; place < 200; place += 1) ballast.set(`key ${place}`, "x".repeat(100_000));
    const writing = startChild("write-until-killed", store.location);
    await spoken(writing);
    const before = eventsIn(store);

    const { events } = store.backup(join(folder, "backup.db"));

    expect(eventsIn(store)).toBeGreaterThan(events + 1);
    expect(events).toBeGreaterThanOrEqual(before);
    await killed(writing);
  });
});

async function killed(child: ChildProcessWithoutNullStreams): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "close");
}

/** The ids of a store's contexts, each with the hashes of its events. */
function hashesOf(store: Store): [id: string, hashes: readonly string[]][] {
  return store.contexts().map(({ id }) => [id, (store.find(id)?.history() ?? []).map(({ hash }) => hash)]);
}

function eventsIn(store: Store): number {
  return Number(store.query("SELECT count(*) AS events FROM events").rows[0]?.events);
}
