import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore, type Store } from "../../../src/index.js";
import { refusalOf } from "../../support/refusal.js";
import { temporaryFolder } from "../../support/sqlite-files.js";

/** Each deals with files while a store is open, its own among them. */
const deeds: Readonly<Record<string, (store: Store, path: string) => unknown>> = {
  "opening the store a second time": (_, path) => {
    openStore(path).close();
  },
  "loading the store's own file": (store, path) => refusalOf(() => store.load(path)),
  "loading its log": (store, path) => refusalOf(() => store.load(`${path}-wal`)),
  "saving over the store's own file": (store, path) => refusalOf(() => store.save(path)),
  "a backup to its index": (store, path) => refusalOf(() => store.backup(`${path}-shm`)),
  "a backup": (store, path) => store.backup(`${path}.copy`),
  "a save": (store, path) => store.save(`${path}.jsonl`),
  "a query": (store) => store.query("SELECT 1 AS one"),
  "a verification": (store) => store.verify(),
  "a redaction": (store) => store.context("run").redact("a", "leaked"),
};

describe.skipIf(!existsSync("/proc/locks"))("the locks of an open store", () => {
  it.each(Object.entries(deeds))("outlive %s", async (_, deed) => {
    const path = join(temporaryFolder(), "runs.db");
    using store = openStore(path);
    store.context("run").set("a", 1);
    const before = locksOn(path);

    await deed(store, path);

    expect(before.length).toBeGreaterThan(0);
    expect(locksOn(path)).toEqual(expect.arrayContaining(before));
  });
});

/** What this process holds on a store's files, as the system tells it: kind, inode and range. */
function locksOn(path: string): string[] {
  const inodes = ["", "-shm"].map((ending) => String(statSync(path + ending).ino));
  return readFileSync("/proc/locks", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, , , , owner, place]) =>
        owner === String(process.pid) && inodes.includes(place?.split(":")[2] ?? ""),
    )
    .map((words) => words.slice(1).join(" "));
}
