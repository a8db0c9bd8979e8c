import { join } from "node:path";
import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fault, Store } from "../../src/index.js";
import { type AnyStore, eachEngine, openSqliteStore } from "../support/each-engine.js";
import { pastTriggers } from "../support/past-triggers.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

/** Something of everything that a store can hold. */
async function fill(store: AnyStore): Promise<void> {
  const ctx = await store.context("run", {
    initial: { plan: { steps: [] } },
    protect: ["plan"],
    metadata: { a: 1 },
  });
  await ctx.set("budget", 10, { idempotencyKey: "first", actor: "planner" });
  await ctx.setEphemeral("progress", 1);
  await ctx.snapshot("before");
  await ctx.phase("work", (copy) => void (copy.notes = ["a"]), { once: "work" });
  await ctx.batch(() => {
    void ctx.set("x", 1);
    void ctx.delete("x");
  });
  const twin = await ctx.fork("twin", { at: 1 });
  await twin.set("budget", 99);
  await ctx.merge(twin, "threeWay");
  await ctx.set("secret", "s");
  await ctx.redact("secret", "why");
  await ctx.restore({ version: 1 });
  const old = await store.context("old");
  await old.set("a", 1);
  await old.fork("orphan");
  await store.delete("old", { forks: "keep" });
}

eachEngine("verifying", ({ open, reopen }) => {
  it("finds nothing wrong with a store that nothing has happened to", async () => {
    const store = open();
    await fill(store);

    expect(await store.verify()).toEqual({ isSound: true, contexts: 3, events: 20, faults: [] });
    expect(await store.verify({ contexts: ["twin"] })).toMatchObject({
      isSound: true,
      contexts: 1,
      events: 2,
    });
    expect((await (await reopen(store)).verify()).isSound).toBe(true);
  });

  it("tells whether the chain still holds a head that was kept", async () => {
    const store = open();
    const ctx = await store.context("run#1");
    await ctx.set("a", 1);
    const head = await ctx.head();
    const signed = await ctx.head({ key: "secret" });
    await ctx.set("a", 2);

    expect(head).toMatchObject({ context: "run#1", sequence: 2, version: 1 });
    expect((await store.verify({ head: head.text })).isSound).toBe(true);
    expect((await store.verify({ head: head.hash })).isSound).toBe(true);
    expect((await store.verify({ head: signed.text, key: "secret" })).isSound).toBe(true);
    expect((await store.verify({ head: signed.text, key: "other" })).faults).toMatchObject([
      { kind: "head", sequence: 2 },
    ]);
    expect((await store.verify({ head: head.text.replace("#2", "#3") })).isSound).toBe(false);
    expect((await store.verify({ head: "0".repeat(64) })).faults).toMatchObject([{ kind: "head" }]);
  });

  it.each(["", "run#2", "xyz", "0".repeat(63)])("refuses a head that is none: %j", async (head) => {
    expect((await refusalOf(() => open().verify({ head }))).code).toBe("OPTION_INVALID");
  });

  it("needs the key of a head that is signed", async () => {
    const store = open();
    const { text } = await (await store.context("run")).head({ key: "secret" });

    expect(await refusalOf(() => store.verify({ head: text }))).toMatchObject({ details: { option: "key" } });
  });
});

describe("verifying a file that somebody has changed", () => {
  /** A filled store, changed by SQL behind its back, and what verification says of it. */
  async function damaged(sql: string): Promise<{ store: Store; faults: readonly Fault[] }> {
    const file = join(temporaryFolder(), "runs.db");
    const store = openSqliteStore(file, { now: () => 1_000 });
    await fill(store);
    const database = new Database(file);
    pastTriggers(database, () => database.exec(sql));
    database.close();
    return { store, faults: store.verify().faults };
  }

  const inRun = "context = (SELECT id FROM contexts WHERE name = 'run')";

  it.each([
    [
      "a payload",
      `UPDATE events SET payload = replace(payload, '10', '11') WHERE ${inRun} AND sequence = 2`,
      2,
    ],
    ["an actor", `UPDATE events SET actor = 'eve' WHERE ${inRun} AND sequence = 2`, 2],
    ["a time", `UPDATE events SET recorded_at = 2000 WHERE ${inRun} AND sequence = 3`, 3],
    ["a version", `UPDATE events SET version = 7 WHERE ${inRun} AND sequence = 2`, 2],
    ["a hash", `UPDATE events SET hash = zeroblob(32) WHERE ${inRun} AND sequence = 4`, 4],
    ["a type", `UPDATE events SET type = 'value_edited' WHERE ${inRun} AND sequence = 2`, 2],
    ["a payload that is none any more", `UPDATE events SET payload = '{' WHERE ${inRun} AND sequence = 3`, 3],
    ["an event that is gone", `DELETE FROM events WHERE ${inRun} AND sequence = 3`, 3],
    [
      "details",
      `UPDATE events SET payload = json_set(payload, '$.details.key', 'x') WHERE ${inRun} AND sequence = 2`,
      2,
    ],
    [
      "a deleted context's kept event",
      `UPDATE events SET actor = 'eve' WHERE context IN (SELECT id FROM contexts WHERE kept_sequence > 0) AND sequence = 2`,
      2,
    ],
    ["the store's own stream", "UPDATE events SET actor = 'eve' WHERE context = 0", 1],
  ])("names the first bad event: %s", async (_, sql, sequence) => {
    const { faults } = await damaged(sql);

    expect(faults.filter(({ kind }) => kind === "chain")).toMatchObject([{ sequence }]);
  });

  it.each([
    ["a present value", "UPDATE current_keys SET value = '0' WHERE key = 'budget'", "run"],
    [
      "a missing present value",
      `DELETE FROM current_keys WHERE ${inRun} AND key = 'budget' AND scope = 'persistent'`,
      "run",
    ],
    [
      "a present value too many",
      `INSERT INTO current_keys SELECT context, scope, 'more', created, sequence, version, changed_at, value, NULL, NULL FROM current_keys WHERE ${inRun} AND key = 'budget' AND scope = 'persistent'`,
      "run",
    ],
    [
      "a protection that is gone",
      `DELETE FROM current_keys WHERE ${inRun} AND scope = 'protection' AND key = 'plan'`,
      "run",
    ],
    ["the index of keys", `DELETE FROM key_changes WHERE ${inRun} AND sequence = 2`, "run"],
    [
      "another operation in it",
      `UPDATE key_changes SET operation = 'delete' WHERE ${inRun} AND sequence = 2`,
      "run",
    ],
    [
      "a line of it too many",
      `INSERT INTO key_changes SELECT context, scope, 'more', sequence, position, created, operation, NULL FROM key_changes WHERE ${inRun} AND sequence = 2`,
      "run",
    ],
    [
      "what a fork inherited",
      "DELETE FROM key_changes WHERE context = (SELECT id FROM contexts WHERE name = 'twin') AND sequence = 1",
      "twin",
    ],
    ["a phase", "UPDATE phases SET status = 'failed'", "run"],
    ["a receipt", "UPDATE receipts SET outcome = '7'", "run"],
    ["a receipt that is gone", "DELETE FROM receipts", "run"],
  ])("finds derived rows that are wrong, and mends them when asked to: %s", async (_, sql, context) => {
    const { store, faults } = await damaged(sql);

    expect([...new Set(faults.map((fault) => fault.kind))].filter((kind) => kind !== "snapshot")).toEqual([
      "projection",
    ]);
    expect(faults.map((fault) => fault.context)).toContain(context);
    const { repaired } = store.verify({ repair: true });
    expect(Object.values(repaired!.differences).some((count) => count > 0)).toBe(true);
    expect(store.verify().faults).toEqual([]);
  });

  it.each([
    ["another name", "UPDATE contexts SET name = 'eve' WHERE name = 'run'"],
    ["another time of creation", "UPDATE contexts SET created_at = 5 WHERE name = 'run'"],
    ["a context that is hidden as if deleted", `UPDATE contexts SET kept_sequence = 2 WHERE name = 'run'`],
    ["less kept than forks need", "UPDATE contexts SET kept_sequence = 1 WHERE kept_sequence > 1"],
  ])("finds what is wrong about a context as a whole: %s", async (_, sql) => {
    const { faults } = await damaged(sql);

    expect(faults.map(({ kind }) => kind)).toContain("context");
  });

  it("finds an erasure that no event covers, and an event that claims one", async () => {
    const file = join(temporaryFolder(), "runs.db");
    const store = openSqliteStore(file);
    const ctx = store.context("run");
    ctx.set("a", "one");
    ctx.set("a", "two");
    ctx.redact("a", "why", { present: "keep" });
    const database = new Database(file);
    const payload = database
      .prepare<[], string>("SELECT payload FROM events WHERE sequence = 2 AND context > 0")
      .pluck()
      .get()!;
    const other = database
      .prepare<[], string>("SELECT payload FROM events WHERE sequence = 3 AND context > 0")
      .pluck()
      .get()!;
    const { salt } = (JSON.parse(other) as { effects: { salt: string }[] }).effects[0]!;
    const digest = (await import("node:crypto")).hash("sha256", `${salt}"two"`, "hex");
    const erased = other.replace(
      /"value":"two","salt":"[^"]+"/,
      `"value":{"$type":"erased","digest":"${digest}"}`,
    );
    expect(erased).not.toBe(other);

    const change = (sequence: number, text: string) =>
      pastTriggers(database, () =>
        database
          .prepare("UPDATE events SET payload = ? WHERE sequence = ? AND context > 0")
          .run(text, sequence),
      );
    change(3, erased);
    expect(store.verify().faults).toMatchObject([
      { context: "run", sequence: 3, kind: "erasure" },
      { kind: "projection" },
    ]);
    change(3, other);
    change(2, payload.replace(/"digest":"./, '"digest":"'));
    expect(store.verify().faults[0]).toMatchObject({ context: "run", sequence: 2, kind: "chain" });
    database.close();
  });

  it("notices any change of any column of any event, and any change of a derived row", async () => {
    const file = join(temporaryFolder(), "runs.db");
    const store = openSqliteStore(file, { now: () => 1_000 });
    await fill(store);
    const database = new Database(file);
    const events = database
      .prepare<[], { position: number; payload: string }>("SELECT position, payload FROM events")
      .all();
    const property = fc.property(fc.nat(), fc.nat(), fc.integer({ min: 32, max: 126 }), (row, at, code) => {
      const { position, payload } = events[row % events.length]!;
      const index = at % payload.length;
      const changed = payload.slice(0, index) + String.fromCharCode(code) + payload.slice(index + 1);
      fc.pre(changed !== payload);
      const set = (text: string) =>
        pastTriggers(database, () =>
          database.prepare("UPDATE events SET payload = ? WHERE position = ?").run(text, position),
        );
      set(changed);
      const { isSound } = store.verify();
      set(payload);
      expect([position, index, changed, isSound]).toEqual([position, index, changed, false]);
    });

    fc.assert(property, { numRuns: 300 });
    expect(store.verify().isSound).toBe(true);
    database.close();
  });
});
