import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openStore } from "../../src/index.js";
import { ended, startChild } from "../support/child-processes.js";
import { temporaryFolder } from "../support/sqlite-files.js";

/** A store whose context "run" has so many events. */
function storeOfEvents(events: number): string {
  const path = join(temporaryFolder(), "runs.db");
  using store = openStore(path, { durability: "normal" });
  const ctx = store.context("run");
  ctx.batch(() => {
    for (let n = 2; n <= events; n += 1) ctx.set(`key ${n % 7}`, n);
  });
  return path;
}

function numbersUpTo(last: number): number[] {
  return Array.from({ length: last }, (_, place) => place + 1);
}

it(
  "a fold that is killed goes on where its cursor was kept, and misses and repeats no event",
  {
    timeout: 60_000,
  },
  async () => {
    const events = 3_000;
    const path = storeOfEvents(events);

    for (const lines of [1, 40, 90]) {
      const child = startChild("fold", path);
      let output = "";
      child.stdout.on("data", (part: Buffer) => {
        output += part.toString();
        if (output.split("\n").length > lines) child.kill("SIGKILL");
      });
      await once(child, "close");
      expect(output).not.toContain("all");
    }

    using store = openStore(path);
    const ctx = store.context("run");
    const reached = ctx.cursors()[0]?.sequence ?? 0;
    const found = ctx.replayInto<number[]>((numbers, { sequence }) => [...numbers, sequence], [], {
      cursor: "numbers",
    });
    expect(reached).toBeGreaterThan(1);
    expect(reached).toBeLessThan(events);
    expect(found).toEqual(numbersUpTo(events));
  },
);

it("two processes that fold under one name keep every event once", { timeout: 60_000 }, async () => {
  const events = 400;
  const path = storeOfEvents(events);

  const told = await Promise.all(
    [startChild("fold", path), startChild("fold", path)].map(async (child) => {
      let output = "";
      child.stdout.on("data", (part: Buffer) => (output += part.toString()));
      const { code, errors } = await ended(child);
      return { code, errors, all: /^all (.*)$/m.exec(output)?.[1] };
    }),
  );

  const all = JSON.stringify(numbersUpTo(events));
  expect(told).toEqual([0, 0].map((code) => ({ code, errors: "", all })));
  using store = openStore(path);
  const kept = store.context("run").replayInto((numbers: number[]) => numbers, [], { cursor: "numbers" });
  expect(kept).toEqual(numbersUpTo(events));
});
