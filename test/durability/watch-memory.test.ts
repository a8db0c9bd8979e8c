import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { openSqliteStore } from "../support/each-engine.js";
import { temporaryFolder } from "../support/sqlite-files.js";
import { take } from "../support/taking.js";

const count = 100_000;
const inBatch = 1_000;

describe("a slow reader", () => {
  it(
    "costs no memory while 100,000 events are written, and finds them all",
    { timeout: 120_000 },
    async () => {
      const ctx = openSqliteStore(join(temporaryFolder(), "store.db")).context("run-1");
      const write = (first: number) => {
        ctx.batch(() => {
          for (let n = first; n < first + inBatch; n += 1) ctx.set("value", { n, text: "x".repeat(500) });
        });
      };
      const watcher = ctx.watch();
      write(0);
      await take(watcher, 1);
      const before = usedBytes();

      for (let first = inBatch; first < count; first += inBatch) {
        write(first);
        // Whatever a watch does at a commit, it does now.
        await new Promise(setImmediate);
      }

      expect(usedBytes() - before).toBeLessThan(5_000_000);
      const missed: number[] = [];
      for (let n = 1; n < count; n += 1) {
        const [event] = await take(watcher, 1);
        if ((event?.effects[0]?.value as { n: number }).n !== n) missed.push(n);
      }
      expect(missed).toEqual([]);
      expect(usedBytes() - before).toBeLessThan(5_000_000);
    },
  );
});

/** What is in use once all garbage is collected. */
function usedBytes(): number {
  setFlagsFromString("--expose-gc");
  // With the flag, contexts that are made from now on have a function of this name.
  const collectGarbage = runInNewContext("gc") as () => void;
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
