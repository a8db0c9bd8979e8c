import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "../../src/index.js";
import { ended, startChild } from "../support/child-processes.js";
import { temporaryFolder } from "../support/sqlite-files.js";

describe("several processes on one file", () => {
  it("create it together, share a context, and lose no update", { timeout: 60_000 }, async () => {
    const path = join(temporaryFolder(), "runs.db");
    const names = ["p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"];
    const times = 50;

    const ends = await Promise.all(
      names.map((name) => ended(startChild("share-context", path, name, String(times)))),
    );

    expect(ends).toEqual(names.map(() => ({ code: 0, errors: "" })));
    using store = openStore(path, { create: false });
    const context = store.context<Record<string, number>>("shared");
    expect(context.get("count")).toBe(names.length * times);
    expect(names.map((name) => context.get(`${name}.a`))).toEqual(names.map(() => times));
    const events = context.history();
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(context.version).toBe(names.length * times * 3);
    expect(store.rebuild().differences).toEqual({ current_keys: 0, key_changes: 0, phases: 0, receipts: 0 });
  });

  it("never see half of another's batch", { timeout: 60_000 }, async () => {
    const path = join(temporaryFolder(), "runs.db");
    using store = openStore(path, { durability: "normal" });
    const context = store.context<Record<string, number>>("shared", { initial: { count: 0 } });
    const child = startChild("share-context", path, "writer", "300");
    const end = ended(child);
    let looks = 0;

    while (child.exitCode === null) {
      context.refresh();
      looks += 1;
      expect(context.get("writer.a")).toBe(context.get("writer.b"));
      await new Promise(setImmediate);
    }

    expect(await end).toEqual({ code: 0, errors: "" });
    context.refresh();
    expect(context.get("writer.b")).toBe(300);
    expect(looks).toBeGreaterThan(10);
  });
});
