import { readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import { openStore } from "../../src/index.js";
import { type AnyContext, type AnyStore, eachEngine, openSqliteStore } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

/** A context at version 20, one event a version. */
async function steps(store: AnyStore): Promise<AnyContext> {
  const ctx = await store.context("run", { initial: { step: 0, other: "x" } });
  for (let step = 1; step <= 20; step += 1) await ctx.set("step", step, { idempotencyKey: `step-${step}` });
  return ctx;
}

eachEngine("pruning", ({ open, reopen }) => {
  it("says what would go, and changes nothing, when run dry", async () => {
    const ctx = await steps(open());
    const archive = join(temporaryFolder(), "not-made");

    const planned = await ctx.prune({ before: 15, archive, dryRun: true });

    expect(planned).toMatchObject({ context: "run", floor: 16, events: 16, heldBy: [] });
    expect(planned.archive).toEqual({ file: join(archive, "run-1-16.jsonl.gz"), sha256: undefined });
    expect(statSync(archive, { throwIfNoEntry: false })).toBeUndefined();
    expect((await ctx.history()).length).toBe(21);
  });

  it("has every read below the floor refused, by an error that names the archive", async () => {
    const ctx = await steps(open());
    const { archive, floor } = await ctx.prune({ before: 15, archive: temporaryFolder() });

    const reads: Record<string, () => unknown> = {
      at: () => ctx.at(3),
      "at a sequence": () => ctx.at("#3"),
      "at a time": () => ctx.at({ time: 0 }),
      "versions back": () => ctx.at("@~9"),
      diff: () => ctx.diff(3),
      replay: async () => {
        for await (const { event } of ctx.replay({ from: 3 })) expect(event).toBeUndefined();
      },
      "history since": () => ctx.history({ since: 3 }),
      "history behind an event": () => ctx.history({ after: 3 }),
      bisect: () => ctx.bisect(({ data }) => data.step === 4, { from: 3 }),
      fork: () => ctx.fork("twin", { at: 3 }),
      restore: () => ctx.restore({ version: 3 }),
      blame: () => ctx.blame("step", { at: 3 }),
      fold: () => ctx.replayInto((sum: number) => sum + 1, 0),
      "what if": () => ctx.whatIf(3),
      watch: async () => {
        for await (const { position } of ctx.watch({ from: 1 })) expect(position).toBeLessThan(0);
      },
    };
    for (const [read, ask] of Object.entries(reads)) {
      const { code, details, message } = await refusalOf(ask);
      expect([read, code]).toEqual([read, "HISTORY_PRUNED"]);
      expect(details).toMatchObject({ context: "run", floor, archive: archive!.file });
      expect(message).toContain(basename(archive!.file));
    }
  });

  it("leaves what snapshots, forks and open work need, and says so", async () => {
    const ctx = await steps(open());
    const snapshot = await ctx.snapshot("keep");
    await ctx.set("step", 21);
    const fork = await ctx.fork("twin");
    await ctx.set("step", 22);
    const rule = { before: "@latest", archive: false, dryRun: true } as const;

    const held = await ctx.prune(rule);
    const heldByFork = await ctx.prune({ ...rule, keep: { snapshots: false } });
    const duringWork = await fork.phase("work", () => fork.prune({ ...rule, keep: { snapshots: false } }));

    expect([held.floor, held.heldBy[0]]).toEqual([
      snapshot.sequence,
      { by: "snapshot", id: snapshot.id, sequence: snapshot.sequence },
    ]);
    expect(heldByFork.heldBy).toEqual([{ by: "fork", id: "twin", sequence: heldByFork.floor }]);
    expect(duringWork.result.heldBy.map(({ by }) => by)).toEqual(["phase"]);
  });

  it("keeps the states of pinned snapshots alone, if that is asked for", async () => {
    const ctx = await steps(open());
    const unpinned = await ctx.snapshot("unpinned");
    await ctx.set("step", 21);
    const pinned = await ctx.snapshot("pinned", { pin: true });
    await ctx.set("step", 22);

    const pruned = await ctx.prune({ before: "@latest", keep: { snapshots: "pinned" }, archive: false });

    expect(pruned).toMatchObject({
      floor: pinned.sequence,
      heldBy: [{ by: "snapshot", id: pinned.id, sequence: pinned.sequence }],
    });
    expect((await ctx.at({ snapshot: pinned.id })).get("step")).toBe(21);
    expect((await refusalOf(() => ctx.at({ snapshot: unpinned.id }))).code).toBe("HISTORY_PRUNED");
    expect(ctx.snapshots().map(({ id }) => id)).toEqual([unpinned.id, pinned.id]);
  });

  it("keeps so many versions as are asked for, and the outcome of commands that are repeated", async () => {
    const store = open();
    const ctx = await steps(store);

    await ctx.prune({ keep: { versions: 5 }, archive: false });
    const again = await (await reopen(store)).context("run");

    expect((await again.at(16)).data.step).toBe(16);
    expect((await refusalOf(() => again.at(15))).details).toMatchObject({ archive: undefined });
    await again.set("step", 3, { idempotencyKey: "step-3" });
    expect([again.version, again.get("step")]).toEqual([20, 20]);
  });

  it("writes archives that go on from each other, and that any tool can unpack", async () => {
    const ctx = await steps(open());
    const archive = temporaryFolder();
    await ctx.prune({ before: 10, archive });

    const { file } = (await ctx.prune({ before: 15, archive })).archive!;

    const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split("\n");
    expect(JSON.parse(lines[1]!)).toMatchObject({ context: "run", floor: 11 });
    const copies = open();
    expect(await copies.load(file)).toEqual(["run"]);
    const copy = (await copies.find("run"))!;
    expect([(await copy.at(10)).data.step, (await copy.at(12)).data.step, copy.version]).toEqual([
      10, 12, 15,
    ]);
    expect((await copies.verify()).faults).toEqual([]);
  });

  it("names the archives that an erasure does not reach", async () => {
    const ctx = await steps(open());
    const pruned = await ctx.prune({ before: 15, archive: temporaryFolder() });

    const redaction = await ctx.redact("other", "leak");

    expect(redaction.archives).toEqual([pruned.archive!.file]);
    expect(JSON.stringify(await ctx.at(16))).not.toContain('"other":"x"');
  });

  it("tells nothing to prune from a rule that is none", async () => {
    const ctx = await steps(open());

    expect((await refusalOf(() => ctx.prune({}))).code).toBe("OPTION_INVALID");
    expect((await refusalOf(() => ctx.prune({ keep: { versions: 0 } }))).code).toBe("OPTION_INVALID");
    expect((await refusalOf(() => ctx.prune({ before: 99, archive: false }))).code).toBe("ADDRESS_NOT_FOUND");
  });
});

it("prunes every context of a store, each with an archive of its own, readable by its owner alone", async () => {
  const folder = temporaryFolder();
  const store = openSqliteStore(join(folder, "store.db"));
  await steps(store);
  store.context("Other/one", { initial: { a: 1 } });

  const pruned = store.prune({ before: "@10" });

  expect(pruned.map(({ context, events }) => [context, events])).toEqual([["run", 11]]);
  const { file } = pruned[0]!.archive!;
  expect(file).toBe(join(folder, "store.db.archive", "run-1-11.jsonl.gz"));
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("names the archive where it is now, when the store was moved with it", async () => {
  const folder = temporaryFolder();
  const store = openSqliteStore(join(folder, "store.db"));
  const ctx = await steps(store);
  await ctx.prune({ before: 10 });
  const elsewhere = (await ctx.prune({ before: 15, archive: temporaryFolder() })).archive!.file;
  store.close();
  const moved = join(temporaryFolder(), "moved");
  renameSync(folder, moved);
  using again = openStore(join(moved, "store.db"));

  const read = again.find("run")!;
  const near = (await refusalOf(() => read.at(3))).details;
  const far = (await refusalOf(() => read.at(12))).details;
  rmSync(join(moved, "store.db.archive"), { recursive: true });
  const gone = (await refusalOf(() => read.at(3))).details;

  const name = join("store.db.archive", "run-1-11.jsonl.gz");
  expect(near).toMatchObject({ archive: join(moved, name) });
  expect(far).toMatchObject({ archive: elsewhere });
  expect(gone).toMatchObject({ archive: join(folder, name) });
});

it("goes on with what a killed pruning left, and another process sees none of it meanwhile", async () => {
  const folder = temporaryFolder();
  const store = openSqliteStore(join(folder, "store.db"));
  const ctx = await steps(store);
  using other = openStore(join(folder, "store.db"));
  const seen = other.find("run")!;
  const before = seen.history().length;
  const killed = new Error("killed");
  const { site } = (ctx as unknown as { core: { site: { engine: Pick<Engine, "write"> } } }).core;
  const { engine } = site;
  let writes = 0;
  site.engine = {
    ...engine,
    write: (work) => {
      writes += 1;
      if (writes === 2) throw killed;
      return engine.write(work);
    },
  };

  expect(() => ctx.prune({ before: 15 })).toThrow(killed);
  site.engine = engine;

  expect([before, seen.history().length]).toEqual([21, 6]);
  expect((await refusalOf(() => seen.at(3))).code).toBe("HISTORY_PRUNED");
  expect(other.verify().faults).toEqual([]);
  expect(await ctx.prune({ before: 15 })).toMatchObject({ events: 0, floor: 16 });
  expect(store.query("SELECT count(*) AS count FROM events WHERE context > 0").rows[0]?.count).toBeLessThan(
    9,
  );
  expect(new Set(Object.values(store.rebuild().differences))).toEqual(new Set([0]));
});
