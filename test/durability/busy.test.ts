import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "../../src/index.js";
import { ended, spoken, startChild } from "../support/child-processes.js";
import { openSqliteStore } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

describe("a store that another process has locked", () => {
  it("is told to be busy once the time is up, and for how long that was", { timeout: 60_000 }, async () => {
    const path = join(temporaryFolder(), "store.db");
    openStore(path).close();
    const holder = startChild("hold-lock", path, "exclusive");
    await spoken(holder);

    for (const lockTimeoutMs of [0, 400]) {
      const began = performance.now();
      const refusal = await refusalOf(() => openStore(path, { lockTimeoutMs }));
      const took = performance.now() - began;

      expect(refusal).toMatchObject({ code: "STORE_BUSY", details: { store: path } });
      const { waitedMs } = refusal.details as { waitedMs: number };
      expect(waitedMs).toBeGreaterThanOrEqual(lockTimeoutMs);
      expect(waitedMs).toBeLessThanOrEqual(took + 1);
      expect(refusal.message).toContain(`${waitedMs} ms`);
    }
    holder.stdin.end();
    await ended(holder);
    openSqliteStore(path).context("run-1");
  });

  it("is opened once the lock is gone", { timeout: 60_000 }, async () => {
    const path = join(temporaryFolder(), "store.db");
    openStore(path).close();
    const holder = startChild("hold-lock", path, "exclusive", "300");
    await spoken(holder);

    const store = openSqliteStore(path, { lockTimeoutMs: 20_000 });

    expect(store.contexts()).toEqual([]);
  });

  it("is read meanwhile, where only writing is locked", { timeout: 60_000 }, async () => {
    const path = join(temporaryFolder(), "store.db");
    const store = openSqliteStore(path, { lockTimeoutMs: 0 });
    const ctx = store.context("run-1", { initial: { a: 1 } });
    const holder = startChild("hold-lock", path);
    await spoken(holder);

    const write = await refusalOf(() => {
      ctx.set("a", 2);
    });

    expect(write.code).toBe("STORE_BUSY");
    expect(ctx.history()).toHaveLength(1);
    expect(store.query("SELECT count(*) AS n FROM events").rows).toEqual([{ n: 1 }]);
    expect(store.verify().faults).toEqual([]);
    expect(store.backup(`${path}.copy`).events).toBe(1);
    expect(openSqliteStore(path, { lockTimeoutMs: 0 }).find("run-1")?.get("a")).toBe(1);
  });
});
