import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { openStore } from "../../src/index.js";
import { createCore } from "../../src/store/create-core.js";
import { createHost } from "../../src/store/host.js";
import { openMemoryEngine } from "../../src/engines/memory/memory-engine.js";
import { Store } from "../../src/store/store.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

describe("what a store holds", () => {
  it.each(["sync", "async"] as const)(
    "is one state for each context in use, until its last handle is closed (%s)",
    async (mode) => {
      const core = createCore(openMemoryEngine(mode), createHost(), {});
      const store = new Store(core);
      const [one, two] = [await store.context("run-1"), await store.context("run-1")];
      const other = await one.fork("run-2");

      await one.close();
      await turn();
      expect([1, 2].map((context) => core.site.lives.find(context) !== undefined)).toEqual([true, true]);
      await Promise.all([two.close(), other.close()]);
      await turn();

      expect([1, 2].map((context) => core.site.lives.find(context))).toEqual([undefined, undefined]);
      await store.close();
    },
  );

  it("goes with handles that nobody refers to any more", async () => {
    const core = createCore(openMemoryEngine("sync"), createHost(), {});
    const store = new Store(core);
    const forget = () => {
      store.context("run-1").set("a", 1);
    };
    forget();
    const { data } = store.context("run-2");

    await untilCollected(() => core.site.lives.find(1) === undefined);

    // The dictionary of a context is a way to use it, too.
    expect(core.site.lives.find(2)).toBeDefined();
    expect({ ...data }).toEqual({});
    expect(store.context("run-1").get("a")).toBe(1);
  });

  it("leaves no file open behind, however opening, using and closing went", async () => {
    const path = join(temporaryFolder(), "store.db");
    const useOnce = async () => {
      const store = openStore(path);
      const watcher = store.context("run-1").watch();
      store.query("SELECT 1");
      store.close();
      await watcher.next();
      await refusalOf(() => openStore(import.meta.filename));
      await refusalOf(() => openStore(path, { retention: { snapshots: 0 } }));
    };
    await useOnce();
    const before = readdirSync("/proc/self/fd").length;

    for (let time = 0; time < 5; time += 1) await useOnce();

    expect(readdirSync("/proc/self/fd").length).toBeLessThanOrEqual(before);
  });
});

/** Collects garbage and lets others have their turn, until something is the case; a test's time limit bounds it. */
async function untilCollected(isDone: () => boolean): Promise<void> {
  setFlagsFromString("--expose-gc");
  // With the flag, contexts that are made from now on have a function of this name.
  const collectGarbage = runInNewContext("gc") as () => void;
  while (!isDone()) {
    collectGarbage();
    await turn();
  }
}
