import { join } from "node:path";
import { statfsSync } from "node:fs";
import { expect, it, vi } from "vitest";
import { openSqlite, temporaryFolder } from "../../support/sqlite-files.js";

// No network file system can be had here, so the kernel's answer is replaced, and nothing else.
vi.mock("node:fs", async (load) => {
  const real = await load<typeof import("node:fs")>();
  return { ...real, statfsSync: vi.fn(real.statfsSync) };
});

const seen = vi.mocked(statfsSync);

it.each([
  ["NFS", 0x6969],
  ["CIFS", 0xff534d42],
  ["CIFS", 0xff534d42 | 0],
  ["Ceph", 0x00c36400],
])("a store is neither made nor opened on %s, unless that is accepted", (kind, type) => {
  const path = join(temporaryFolder(), "store.db");
  seen.mockReturnValue(Object.assign(statfsSync("/"), { type }));

  for (let time = 1; time <= 2; time += 1) {
    expect(() => openSqlite(path)).toThrow(
      expect.objectContaining({ code: "STORE_REMOTE", details: { store: path, kind } }),
    );
    expect(openSqlite(path, { networkDisk: "accept" }).location).toBe(path);
  }
});

it("a store is opened on the local disk, and where the kernel does not tell what a disk is", () => {
  seen.mockRestore();
  const path = join(temporaryFolder(), "store.db");
  expect(openSqlite(path).location).toBe(path);

  seen.mockImplementation(() => {
    throw new Error("not supported");
  });
  expect(openSqlite(path).location).toBe(path);
});
