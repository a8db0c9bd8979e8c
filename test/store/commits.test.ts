import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openMemoryEngine } from "../../src/engines/memory/memory-engine.js";
import type { Commit, CommittedEvent } from "../../src/index.js";
import type { Engine } from "../../src/engines/engine.js";
import type { Mode, Program } from "../../src/program/program.js";
import { announcedEngine } from "../../src/store/announced-engine.js";
import { createCore } from "../../src/store/create-core.js";
import { createHost } from "../../src/store/host.js";
import { Store } from "../../src/store/store.js";
import { ended, startChild } from "../support/child-processes.js";
import { eachEngine, openSqliteStore } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

/** Gathers what is published until the test ends. */
function published(onCommit: (commit: Commit) => void = () => undefined): Commit[] {
  const commits: Commit[] = [];
  const listen = (message: unknown): void => {
    commits.push(message as Commit);
    onCommit(message as Commit);
  };
  subscribe("durable-context:commit", listen);
  onTestFinished(() => void unsubscribe("durable-context:commit", listen));
  return commits;
}

const eventsOf = (commits: readonly Commit[]): readonly CommittedEvent[] =>
  commits.flatMap(({ events }) => events);

const typesOf = (commits: readonly Commit[]): string[][] =>
  commits.map(({ events }) => events.map(({ context, type }) => `${context} ${type}`));

eachEngine("the channel of commits", ({ open }) => {
  it("tells of each commit: where, what, and by whom", async () => {
    const store = open({ now: () => 1_000 });
    const ctx = await store.context("run");
    const commits = published();

    await ctx.as({ actor: "planner", cause: "user asked", tags: { request: "r-1" } }).set("a", 1);

    const event = {
      position: expect.any(Number) as number,
      context: "run",
      sequence: 2,
      version: 1,
      type: "value_set",
      actor: "planner",
      cause: "user asked",
      phase: null,
      batch: null,
      tags: { request: "r-1" },
      at: 1_000,
    };
    expect(commits).toEqual([{ store: store.location, events: [event] }]);
    const [{ events }] = commits as [Commit];
    expect([commits[0], events, events[0], events[0]!.tags].every(Object.isFrozen)).toBe(true);
  });

  it("has one message for a batch, with all its events", async () => {
    const ctx = await open().context("run");
    const commits = published();

    await ctx.batch(() => {
      void ctx.set("a", 1);
      void ctx.set("a", 1);
      void ctx.delete("a");
    });

    expect(typesOf(commits)).toEqual([["run value_set", "run value_deleted"]]);
    const [set, deleted] = eventsOf(commits);
    expect([set!.sequence, deleted!.sequence]).toEqual([2, 3]);
    expect(deleted!.position).toBe(set!.position + 1);
    expect(set!.batch).toEqual(expect.any(String));
    expect(deleted!.batch).toBe(set!.batch);
  });

  it("is silent about what was rolled back, refused, or changed nothing", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { a: 1 }, protect: ["a"] });
    const commits = published();
    const failing = async (): Promise<void> =>
      ctx.batch(() => {
        void ctx.set("b", 1);
        throw new Error("no");
      });

    await expect(failing()).rejects.toThrow("no");
    await refusalOf(() => ctx.set("a", 2));
    await ctx.set("a", 1);
    await store.rebuild();
    await ctx.refresh();
    await ctx.history();

    expect(commits).toEqual([]);
  });

  it("tells of contexts that are made, renamed, loaded and deleted", async () => {
    const store = open();
    const file = join(temporaryFolder(), "run.jsonl");
    const commits = published();

    const ctx = await store.context("run", { initial: { a: 1 } });
    await ctx.save(file);
    await ctx.rename("renamed");
    await store.load(file);
    await store.delete("run");

    expect(typesOf(commits)).toEqual([
      ["run context_created"],
      ["renamed context_renamed"],
      ["run context_created", " context_imported"],
      [" context_deleted"],
    ]);
  });

  it("tells of every step of a phase, under the phase's id", async () => {
    const ctx = await open().context("run");
    const commits = published();

    const { phase } = await ctx.phase("p", (copy) => void (copy.a = 1));

    expect(typesOf(commits)).toEqual([
      ["run snapshot_taken", "run phase_started"],
      ["run phase_finished", "run snapshot_taken"],
    ]);
    expect(eventsOf(commits).map((event) => event.phase)).toEqual(Array(4).fill(phase));
  });

  it("has told of a write when the write has returned, or its promise is kept", async () => {
    const ctx = await open().context("run");
    const commits = published();

    for (const n of [1, 2, 3]) {
      await ctx.set("n", n);
      expect(commits.length).toBe(n);
    }
  });

  it("lets whoever listens read what was committed, and write in turn", async () => {
    const ctx = await open().context("run");
    const seen: unknown[] = [];
    const writes: unknown[] = [];
    const commits = published(({ events }) => {
      seen.push([ctx.get("a"), ctx.version]);
      if (events[0]!.version < 3) writes.push(ctx.set("a", events[0]!.version + 1));
    });

    await ctx.set("a", 1);
    // A write that is begun while another one is told of may begin a third.
    for (const write of writes) await write;
    await ctx.set("b", 1);

    expect(seen).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [3, 4],
    ]);
    expect(eventsOf(commits).map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    expect((await ctx.history()).map(({ version }) => version)).toEqual([0, 1, 2, 3, 4]);
  });

  it("tells nothing of what was written before anybody listened", async () => {
    const ctx = await open().context("run");
    await ctx.set("a", 1);

    const commits = published();

    await ctx.set("a", 2);
    expect(eventsOf(commits).map(({ version }) => version)).toEqual([2]);
  });
});

describe("the channel of commits, on a file", () => {
  it("tells of each commit once, by the handle that made it, at the position it has in the log", () => {
    const path = join(temporaryFolder(), "shared.db");
    const [one, other] = [openSqliteStore(path), openSqliteStore(path)];
    const commits = published();

    const mine = one.context("run");
    const theirs = other.context("run");
    mine.set("a", 1);
    theirs.set("b", 1);
    theirs.batch(() => {
      theirs.set("c", 1);
      other.find("run")?.set("c", 2);
    });
    mine.refresh();

    const { rows } = one.query("SELECT position, sequence FROM events ORDER BY position");
    expect(eventsOf(commits).map(({ position, sequence }) => ({ position, sequence }))).toEqual(rows);
    expect(commits.map(({ store }) => store)).toEqual(Array(4).fill(path));
  });

  it("names a context as it is called after the commit", () => {
    const ctx = openSqliteStore(join(temporaryFolder(), "store.db")).context("run");
    const commits = published();

    ctx.batch(() => {
      ctx.set("a", 1);
      ctx.rename("renamed");
      ctx.set("b", 1);
    });

    expect(typesOf(commits)).toEqual([["renamed value_set", "renamed context_renamed", "renamed value_set"]]);
  });
});

describe("a subscriber that throws", () => {
  it("does not hurt the write, and Node tells of it as of any uncaught error", async () => {
    const child = startChild("throwing-subscriber");
    const output: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => output.push(part));

    const { code, errors } = await ended(child);

    expect([code, errors]).toEqual([0, ""]);
    expect(Buffer.concat(output).toString()).toBe('written: {"a":1}\nuncaught: from the subscriber\n');
  });
});

it("an engine is handed the work as it is while nobody listens", () => {
  const engine = openMemoryEngine("sync");
  const handed: unknown[] = [];
  const spied: Engine<"sync"> = {
    ...engine,
    write: (work) => {
      handed.push(work);
      return engine.write(work);
    },
  };
  const { engine: announced } = announcedEngine(spied, new Set());
  const work = function* (): Program<number> {
    return 1;
  };

  announced.run(announced.write(work));
  published();
  announced.run(announced.write(work));

  expect(handed.map((given) => given === work)).toEqual([true, false]);
});

describe.each<Mode>(["sync", "async"])("listeners to the commits of a store, %s", (mode) => {
  function openCore() {
    const core = createCore(openMemoryEngine(mode), createHost(), {});
    const store = new Store(core);
    onTestFinished(async () => store.close());
    return { core, store };
  }

  it("are called after each commit, when the state in memory is new, until they stop", async () => {
    const { core, store } = openCore();
    const ctx = await store.context("run");
    const seen: unknown[] = [];
    const stop = core.onCommit(() => seen.push(ctx.version));

    await ctx.set("a", 1);
    await ctx.batch(() => {
      void ctx.set("a", 2);
      void ctx.set("a", 3);
    });
    await ctx.history();
    await refusalOf(() => ctx.set("a", () => 1));
    stop();
    await ctx.set("a", 4);

    expect(seen).toEqual([1, 3]);
  });

  it("are called once for each commit of a verb that makes several", async () => {
    const { core, store } = openCore();
    const ctx = await store.context("run");
    let count = 0;
    core.onCommit(() => (count += 1));

    await ctx.phase("p", (copy) => void (copy.a = 1));

    expect(count).toBe(2);
  });

  it("cannot make the write fail", async () => {
    const { core, store } = openCore();
    const ctx = await store.context("run");
    const warned = new Promise((resolve) => process.once("warning", resolve));
    core.onCommit(() => {
      throw new Error("from the listener");
    });

    await ctx.set("a", 1);

    expect(ctx.get("a")).toBe(1);
    expect(await warned).toMatchObject({ message: "from the listener" });
  });
});
