import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { copyFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Commit, openStore, type SqliteStoreOptions, type Store } from "../../src/index.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

describe("writes that are grouped", () => {
  it("are few commits, and on the disk when durable() resolves", async () => {
    const path = newPath();
    const store = open(path);
    const contexts = Array.from({ length: 64 }, (_, number) => store.context(`run-${number}`));
    await store.durable();
    const before = anchorBytes(path);

    await Promise.all(
      contexts.map(async (context, number) => {
        context.set("step", number);
        await store.durable();
      }),
    );

    // One, unless the machine is so slow that the turn lasts.
    expect((anchorBytes(path) - before) / 48).toBeLessThan(16);
    expect(eventsSeenBy(path)).toBe(128);
  });

  it("are seen at once by this handle, and by nobody else before the turn ends", async () => {
    const path = newPath();
    const store = open(path);
    const context = store.context("run", { initial: { step: 1 } });
    await store.durable();

    context.set("step", 2);

    expect(context.get("step")).toBe(2);
    expect(context.at("@~1").data).toEqual({ step: 1 });
    expect(context.history({ key: "step" })).toHaveLength(2);
    expect(store.contexts()[0]?.version).toBe(1);
    expect(eventsSeenBy(path)).toBe(1);
    await store.durable();
    expect(eventsSeenBy(path)).toBe(2);
  });

  it("do not wait for the end of a turn that lasts", () => {
    const path = newPath();
    const store = open(path);
    const context = store.context("run");
    const until = performance.now() + 5_000;

    while (eventsSeenBy(path) === 0 && performance.now() < until)
      context.setEphemeral("now", performance.now());

    expect(eventsSeenBy(path)).toBeGreaterThan(0);
  });

  it("stay when another one among them is refused, of which nothing stays", async () => {
    const path = newPath();
    const store = open(path);
    const context = store.context("run", { initial: { a: 1 }, limits: { refuse: { keys: 3 } } });
    const first = context.update({ b: 1 }, { idempotencyKey: "first" });

    const refusals = [
      // What comes before an idempotency key is in the log when the next one is refused.
      await refusedNow(() => {
        context.batch(() => {
          context.set("a", 2);
          context.set("c", 1, { idempotencyKey: "c" });
          context.set("d", 1, { idempotencyKey: "d" });
        });
      }),
      await refusedNow(() => context.set("a", 3, { expectedVersion: 7 })),
      await refusedNow(() => context.set("a", 3, { idempotencyKey: "first" })),
    ];
    context.set("a", 4);
    const again = context.update({ b: 1 }, { idempotencyKey: "first" });
    await store.durable();

    expect(refusals).toEqual(["LIMIT_EXCEEDED", "VERSION_CONFLICT", "IDEMPOTENCY_MISMATCH"]);
    expect(again).toEqual(first);
    using other = openStore(path);
    expect(other.find("run")?.toJSON()).toEqual({ a: 4, b: 1 });
    expect(other.find("run")?.version).toBe(2);
    expect(other.verify().isSound).toBe(true);
  });

  it("are committed before a question, a copy, a redaction or a closing that would miss them", () => {
    const folder = temporaryFolder();
    const path = join(folder, "runs.db");
    const store = open(path);
    const context = store.context("run");

    context.set("a", 1);
    const { rows } = store.query("SELECT count(*) AS events FROM events");
    context.set("a", 2);
    store.backup(join(folder, "backup.db"));
    context.set("a", 3);
    store.save(join(folder, "saved.jsonl"));
    const saved = eventsSeenBy(path);
    context.set("a", 4);
    const redaction = context.redact("a", "leaked");
    context.set("a", 5);
    const { isSound } = store.verify();
    context.set("a", 6);
    store.close();

    expect(rows[0]).toEqual({ events: 2 });
    expect(eventsSeenBy(join(folder, "backup.db"))).toBe(3);
    expect(saved).toBe(4);
    expect(redaction.isScrubbed).toBe(true);
    expect(isSound).toBe(true);
    using again = openStore(path);
    expect(again.find("run")?.get("a")).toBe(6);
  });

  it("belong to a phase that is durable when its promise resolves", async () => {
    const path = newPath();
    const store = open(path);
    const context = store.context("run");

    const outcome = await context.phase("work", (copy) => (copy.a = 1), { once: "work" });
    const seen = eventsSeenBy(path);

    expect(outcome.outcome).toBe("merged");
    expect(seen).toBe(context.sequence);
  });

  it("are told of to watchers and subscribers when they are committed", async () => {
    const path = newPath();
    const store = open(path);
    const context = store.context("run");
    const seen: unknown[] = [];
    const watcher = context.watch();
    const next = watcher.next().then(({ value }) => seen.push([value?.sequence, eventsSeenBy(path)]));
    const listener = (message: unknown) =>
      // The channel carries nothing else.
      seen.push([...(message as Commit).events.map(({ sequence }) => sequence), eventsSeenBy(path)]);
    subscribe("durable-context:commit", listener);
    onTestFinished(() => void unsubscribe("durable-context:commit", listener));

    context.set("a", 1);
    context.set("b", 1);
    expect(seen).toEqual([]);
    await next;

    expect(seen).toHaveLength(3);
    expect(seen).toEqual(
      expect.arrayContaining([
        [2, 3],
        [3, 3],
      ]),
    );
  });
  it("cannot be waited for in a batch, or in a store that is closed", async () => {
    const store = open(newPath());
    const context = store.context("run");

    const inBatch = context.batch(() => ({ promise: store.durable() }));
    expect(await refusalOf(() => inBatch.promise)).toMatchObject({ code: "BATCH_UNSUPPORTED" });
    const pending = store.durable();
    store.close();

    await pending;
    expect(await refusalOf(() => store.durable())).toMatchObject({ code: "STORE_CLOSED" });
  });
});

describe("a group that cannot be committed", () => {
  it("is told of to whoever waits or calls, once, and closing goes well", async () => {
    const path = newPath();
    const store = open(path);
    const warnings: string[] = [];
    store.onWarning(({ kind }) => warnings.push(kind));
    const context = store.context("run", { initial: { a: 1 } });
    await store.durable();
    context.set("a", 2);
    const phase = context.phase("work", () => undefined);
    renameSync(path, `${path}.moved`);

    expect((await refusalOf(() => store.durable())).code).toBe("STORE_MOVED");
    expect((await refusalOf(() => phase)).code).toBe("STORE_MOVED");
    const calls = [() => context.get("a"), () => context.set("a", 3), () => store.query("SELECT 1")];
    for (const call of calls) expect((await refusalOf(call)).code).toBe("OUTCOME_UNKNOWN");
    expect(warnings).toEqual(["durability"]);
    store.close();
  });

  it("is told of by Node where nobody listens, and by closing where it happens there", async () => {
    const path = newPath();
    const [one, other] = [open(path), open(path)];
    one.context("run").set("a", 1);
    other.context("run").set("a", 2);
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    renameSync(path, `${path}.moved`);

    expect(await refusedNow(() => other.close())).toBe("STORE_MOVED");
    expect((await warned).message).toContain("was replaced, moved or deleted");
    other.close();
  });
});

describe("a store that lacks what its anchor tells of", () => {
  it("is accepted by a handle that groups, and then whole", () => {
    const path = newPath();
    for (const value of [1, 2]) {
      if (value === 2) copyFileSync(path, `${path}.older`);
      using store = openStore(path);
      store.context("run").set("a", value);
    }
    copyFileSync(`${path}.older`, path);

    open(path, { behind: "accept" }).close();

    using again = openStore(path);
    expect(again.find("run")?.get("a")).toBe(1);
  });
});

describe("another handle in the same thread", () => {
  it.each(["full", "grouped", "normal"] as const)(
    "gets the lock at once that a group holds, with durability %s",
    (durability) => {
      const path = newPath();
      const [one, other] = [open(path), open(path, { durability, lockTimeoutMs: 0 })];
      const context = one.context("run");

      context.set("a", 1);
      const theirs = other.context("run");
      theirs.edit("a", (a) => Number(a) + 1);
      context.edit("a", (a) => Number(a) + 1);
      using third = openStore(path);

      theirs.refresh();
      expect(theirs.get("a")).toBe(3);
      expect(third.find("run")?.get("a")).toBe(3);
    },
  );

  it("is refused the lock in the midst of a write, as ever", () => {
    const path = newPath();
    const [one, other] = [open(path), open(path, { lockTimeoutMs: 0 })];
    const context = one.context("run");
    const theirs = other.context("theirs");
    context.set("a", 1);

    expect(() => context.batch(() => theirs.set("a", 2))).toThrow(
      expect.objectContaining({ code: "STORE_BUSY" }),
    );

    expect(context.get("a")).toBe(1);
  });
});

function newPath(): string {
  return join(temporaryFolder(), "runs.db");
}

function open(path: string, options: SqliteStoreOptions = {}): Store {
  const store = openStore(path, { durability: "grouped", ...options });
  onTestFinished(() => store.close());
  return store;
}

function anchorBytes(path: string): number {
  return statSync(`${path}-anchor`).size;
}

/** How many events another connection sees. */
function eventsSeenBy(path: string): number {
  const database = new Database(path, { readonly: true });
  try {
    return Number(database.prepare("SELECT count(*) FROM events").pluck().get());
  } finally {
    database.close();
  }
}

async function refusedNow(write: () => unknown): Promise<string> {
  return (await refusalOf(write)).code;
}
