import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type AnyContext, type AnyStore, eachEngine, openSqliteStore } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

/** A context at version 20, one event a version. */
async function steps(store: AnyStore, id = "run"): Promise<AnyContext> {
  const ctx = await store.context(id, { initial: { step: 0, other: "x" } });
  for (let step = 1; step <= 20; step += 1) await ctx.set("step", step);
  return ctx;
}

async function expectSound(store: AnyStore): Promise<void> {
  expect((await store.verify()).faults).toEqual([]);
  expect(new Set(Object.values((await store.rebuild()).differences))).toEqual(new Set([0]));
}

eachEngine("pruning", ({ open, reopen }) => {
  it("says what would go, and changes nothing, when run dry", async () => {
    const ctx = await steps(open());
    const archive = join(temporaryFolder(), "not-made");

    const planned = await ctx.prune({ before: 15, archive, dryRun: true });

    expect(planned).toMatchObject({ context: "run", floor: 16, events: 16, heldBy: [] });
    expect(planned.archive).toEqual({ file: join(archive, "run-1-16.jsonl.gz"), sha256: undefined });
    expect(() => readdirSync(archive)).toThrow();
    expect((await ctx.history()).length).toBe(21);
  });

  it("refuses every read below the floor, and names the archive that has it", async () => {
    const store = open();
    const ctx = await steps(store);
    const { archive, floor } = await ctx.prune({ before: 15, archive: temporaryFolder() });

    const reads: Record<string, () => unknown> = {
      at: () => ctx.at(3),
      "at a sequence": () => ctx.at("#3"),
      "at a time": () => ctx.at({ time: 0 }),
      back: () => ctx.at("@~9"),
      diff: () => ctx.diff(3),
      replay: async () => {
        for await (const step of ctx.replay({ from: 3 })) void step;
      },
      history: () => ctx.history({ since: 3 }),
      "history behind an event": () => ctx.history({ after: 3 }),
      bisect: () => ctx.bisect(({ data }) => data.step === 4, { from: 3 }),
      fork: () => ctx.fork("twin", { at: 3 }),
      restore: () => ctx.restore({ version: 3 }),
      blame: () => ctx.blame("step", { at: 3 }),
      fold: () => ctx.replayInto((sum: number) => sum + 1, 0),
      whatIf: () => ctx.whatIf(3),
    };
    for (const [read, ask] of Object.entries(reads)) {
      const { code, details, message } = await refusalOf(ask);
      expect([read, code]).toEqual([read, "HISTORY_PRUNED"]);
      expect(details).toMatchObject({ context: "run", floor, archive: archive!.file });
      expect(message).toContain(basename(archive!.file));
    }
  });

  it("keeps what snapshots, forks, open phases and merges need, and says so", async () => {
    const store = open();
    const archive = temporaryFolder();
    const ctx = await steps(store);
    const snapshot = await ctx.snapshot("keep");
    await ctx.set("step", 21);
    const twin = await ctx.fork("twin");
    await ctx.set("step", 22);
    const phase = await ctx.beginPhase("work");
    await ctx.set("step", 23);

    const held = await ctx.prune({ before: "@latest", archive, dryRun: true });
    expect(held.heldBy.map(({ by, id }) => [by, id]).slice(0, 2)).toEqual([
      ["snapshot", snapshot.id],
      ["fork", "twin"],
    ]);
    expect(held.floor).toBe(snapshot.sequence);
    const without = await ctx.prune({ before: "@latest", keep: { snapshots: false }, archive });
    expect([without.heldBy[0]?.by, without.floor]).toEqual(["fork", twin.lineage ? 23 : 0]);
    await phase.abandon?.();
  });
});
