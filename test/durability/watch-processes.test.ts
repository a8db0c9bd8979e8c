import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Store, Watcher } from "../../src/index.js";
import { ended, spoken, startChild } from "../support/child-processes.js";
import { openSqliteStore } from "../support/each-engine.js";
import { temporaryFolder } from "../support/sqlite-files.js";
import { take } from "../support/taking.js";

interface Place {
  readonly position: number;
  readonly context: string;
  readonly sequence: number;
}

describe("watching while several processes write", () => {
  it(
    "gives everybody the log from their position on, without gap or repetition",
    { timeout: 120_000 },
    async () => {
      const starts = fc.array(fc.nat(20), { minLength: 6, maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(starts, fc.nat(99), async (froms, seed) => {
          const path = join(temporaryFolder(), "store.db");
          const [here, there] = [openSqliteStore(path), openSqliteStore(path)];
          for (let value = 0; value < 20; value += 1) here.context(`run-${value % 3}`).set("n", value);
          const [one, two, ...others] = froms;
          const children = [one, two].map((from) => startChild("watch-store", path, String(from)));
          for (const child of children) expect(await spoken(child)).toBe("ready\n");

          const seenHere = others.map((from, index) =>
            collect((index % 2 === 0 ? here : there).watch({ from, pollMs: 1 }), index),
          );
          const context = there.find("run-0")!;
          const seenOfOne = collect(context.watch({ from: one, pollMs: 1 }), 0);
          const seenThere = children.map(report);
          await writeEverywhere(here, path, seed);

          const log = placesOf(here);
          expect(log.length).toBeGreaterThan(300);
          const behind = (from = 0) => log.filter(({ position }) => position > from);
          expect(await Promise.all(seenThere)).toEqual([behind(one), behind(two)]);
          expect(await Promise.all(seenHere)).toEqual(others.map(behind));
          expect(await seenOfOne).toEqual(behind(one).filter((place) => place.context === "run-0"));
        }),
        { numRuns: 2 },
      );
    },
  );

  it("sees what another process writes, and keeps its own process running for it", async () => {
    const path = join(temporaryFolder(), "store.db");
    const store = openSqliteStore(path);
    const child = startChild("watch-and-idle", path, "iterator");
    const end = ended(child);
    expect(await spoken(child)).toBe("ready\n");

    const words = spoken(child);
    store.context("run-1");

    expect(await words).toBe("run-1\n");
    expect(await end).toEqual({ code: 0, errors: "" });
  });

  it("does not keep a process running for a listener", async () => {
    const path = join(temporaryFolder(), "store.db");
    const child = startChild("watch-and-idle", path, "listener");

    expect(await ended(child)).toEqual({ code: 0, errors: "" });
  });
});

describe("watching what another handle writes", () => {
  it("sees each commit soon", async () => {
    const path = join(temporaryFolder(), "store.db");
    const [here, there] = [openSqliteStore(path), openSqliteStore(path)];
    const watcher = here.context("run-1").watch({ pollMs: 1 });
    const elsewhere = there.find("run-1")!;

    for (let value = 1; value <= 20; value += 1) {
      const next = take(watcher, 1);
      elsewhere.set("n", value);
      expect(await next).toMatchObject([{ effects: [{ key: "n", value }] }]);
    }
  });

  it("looks as often as the most impatient watcher wants it", async () => {
    const path = join(temporaryFolder(), "store.db");
    const [here, there] = [openSqliteStore(path), openSqliteStore(path)];
    const patient = take(here.watch({ pollMs: 2 ** 31 - 1 }), 1);
    const quick = take(here.watch({ pollMs: 1 }), 1);

    there.context("run-1");

    expect(await Promise.all([patient, quick])).toMatchObject([
      [{ context: "run-1" }],
      [{ context: "run-1" }],
    ]);
  });
});

/** Lets three processes and this one write at the same time, and marks the end with a key. */
async function writeEverywhere(store: Store, path: string, seed: number): Promise<void> {
  const writers = [1, 2, 3].map((number) => startChild("write-to-many", path, "80", String(seed + number)));
  const ends = Promise.all(writers.map(ended));
  const context = store.context("run-1");
  for (let value = 0; writers.some(({ exitCode }) => exitCode === null); value += 1) {
    context.set("here", value);
    await turn();
  }
  expect(await ends).toEqual(writers.map(() => ({ code: 0, errors: "" })));
  store.find("run-0")?.set("end", true);
}

/** Takes everything up to the end that was marked, now and then slowly. */
async function collect(watcher: Watcher, slowness: number): Promise<Place[]> {
  const seen: Place[] = [];
  for await (const { position, context, sequence, effects } of watcher) {
    if (effects[0]?.key === "end") break;
    seen.push({ position, context, sequence });
    for (let turns = 0; turns < slowness; turns += 1) await turn();
  }
  return seen;
}

/** What a child says that it has seen. */
async function report(child: ChildProcessWithoutNullStreams): Promise<unknown> {
  const parts: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => parts.push(part));
  expect(await ended(child)).toEqual({ code: 0, errors: "" });
  return JSON.parse(Buffer.concat(parts).toString());
}

/** The whole log, by SQL, up to the end that was marked. */
function placesOf(store: Store): Place[] {
  const { rows } = store.query(
    "SELECT position, name AS context, sequence FROM events JOIN contexts ON contexts.id = context ORDER BY position",
  );
  return rows.slice(0, -1) as unknown as Place[];
}
