import fs, { statfsSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { openSqlite, temporaryFolder } from "../../support/sqlite-files.js";

it.each([
  ["NFS", 0x6969],
  ["CIFS", 0xff534d42],
  ["CIFS", 0xff534d42 | 0],
  ["Ceph", 0x00c36400],
])("a store is neither made nor opened on %s, unless that is accepted", (kind, type) => {
  const path = join(temporaryFolder(), "store.db");
  const disk = Object.assign(statfsSync("/"), { type });
  haveDisksTold(() => disk);

  for (let time = 1; time <= 2; time += 1) {
    expect(() => openSqlite(path)).toThrow(
      expect.objectContaining({ code: "STORE_REMOTE", details: { store: path, kind } }),
    );
    expect(openSqlite(path, { networkDisk: "accept" }).location).toBe(path);
  }
});

it("a store is opened on the local disk, and where the kernel does not tell what a disk is", () => {
  const path = join(temporaryFolder(), "store.db");
  expect(openSqlite(path).location).toBe(path);

  haveDisksTold(() => {
    throw new Error("not supported");
  });
  expect(openSqlite(path).location).toBe(path);
});

/** No network file system can be had here, so the kernel's answer is replaced for one test, and nothing else. */
function haveDisksTold(answer: () => fs.StatsFs): void {
  const replaced = vi.spyOn(fs, "statfsSync").mockImplementation(answer);
  syncBuiltinESMExports();
  onTestFinished(() => {
    replaced.mockRestore();
    syncBuiltinESMExports();
  });
}
