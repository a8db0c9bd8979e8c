import { existsSync } from "node:fs";
import { join } from "node:path";
import type { RunnableConfig } from "@langchain/core/runnables";
import { DeltaSnapshot } from "@langchain/langgraph-checkpoint";
import { DeltaChannel, END, START, StateGraph, Annotation } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { DurableContextSaver } from "../../../src/adapters/langgraph/index.js";
import { openMemoryStore } from "../../../src/index.js";
import { openSqliteStore } from "../../support/each-engine.js";
import { refusalOf } from "../../support/refusal.js";
import { temporaryFolder } from "../../support/sqlite-files.js";
import { openSaver, putStep, threadOf, valuesOf, versionsOf } from "../../support/threads.js";

/** Puts so many checkpoints with a growing list, each with a write of a task; gives their configs, oldest first. */
async function putSteps(
  saver: DurableContextSaver,
  start: RunnableConfig,
  count: number,
  metadata: (i: number) => Record<string, unknown> = () => ({}),
): Promise<RunnableConfig[]> {
  const configs: RunnableConfig[] = [];
  let config = start;
  for (let i = 0; i < count; i += 1) {
    const list = Array.from({ length: i + 1 }, (_, element) => element);
    const versions = i === 0 ? {} : await versionsOf(saver, config);
    config = await putStep(saver, config, { changed: { list }, versions, metadata: metadata(i) });
    if (i < count - 1) await saver.putWrites(config, [["list", i + 1]], `task ${i}`);
    configs.push(config);
  }
  return configs;
}

async function idsOf(saver: DurableContextSaver, config: RunnableConfig): Promise<unknown[]> {
  const ids: unknown[] = [];
  for await (const tuple of saver.list(config)) ids.push(tuple.config.configurable?.checkpoint_id);
  return ids;
}

const idOf = (config: RunnableConfig | undefined): unknown => config?.configurable?.checkpoint_id;

describe("a thread", () => {
  it("is a context: its checkpoints are versions, and can be compared", async () => {
    const store = openMemoryStore();
    const saver = new DurableContextSaver(store);
    const [first, second] = await putSteps(saver, threadOf("t"), 3);
    const ctx = store.find(saver.contextId("t"));

    const [before, after] = [saver.versionOf(first!), saver.versionOf(second!)];

    expect(ctx?.at(before!).get("list")).toEqual([0]);
    expect(ctx?.diff(before!, after).filter(({ path }) => path[0] === "list")).toMatchObject([
      { kind: "added", path: ["list", 1] },
    ]);
    expect(ctx?.get("list")).toEqual([0, 1, 2]);
  });

  it("tells what happened to it", async () => {
    const saver = openSaver();
    const [first, second] = await putSteps(saver, threadOf("t"), 2, (i) => ({ run_id: `run ${i}` }));
    await saver.deleteForRuns(["run 0"]);

    const told = [...saver.history("t")].map(({ kind, checkpoint, channels }) => [
      kind,
      checkpoint,
      ...channels,
    ]);

    expect(told).toEqual([
      ["checkpoint", idOf(first), "list"],
      ["writes", idOf(first)],
      ["checkpoint", idOf(second), "list"],
      ["removal", idOf(first)],
    ]);
  });

  it("goes with all its graphs and all it ever held; a copy keeps what it has", async () => {
    const path = join(temporaryFolder(), "store.db");
    const store = openSqliteStore(path);
    const saver = new DurableContextSaver(store);
    await putSteps(saver, threadOf("t"), 3);
    const child = await putSteps(saver, threadOf("t", "child:1"), 3);
    await putSteps(saver, threadOf("t2"), 1);
    await saver.copyThread("t", "copy");
    const tuples = async (thread: string) => {
      const found: unknown[] = [];
      for await (const { checkpoint, pendingWrites } of saver.list({ configurable: { thread_id: thread } }))
        found.push([checkpoint, pendingWrites]);
      return found;
    };
    const before = await tuples("t");

    await saver.deleteThread("t");

    expect(await saver.getTuple(threadOf("t"))).toBeUndefined();
    expect(await saver.getTuple(child[0]!)).toBeUndefined();
    expect(await idsOf(saver, threadOf("t2"))).toHaveLength(1);
    expect(await tuples("copy")).toEqual(before);
    await putSteps(saver, threadOf("t"), 1);
    expect(await idsOf(saver, threadOf("t"))).toHaveLength(1);
    expect(store.verify().isSound).toBe(true);
  });

  it("that another process deleted is begun anew by whoever still writes to it", async () => {
    const path = join(temporaryFolder(), "threads.db");
    const [one, other] = [openSaver(path), openSaver(path)];
    const [config] = await putSteps(one, threadOf("t"), 1);
    await other.deleteThread("t");

    await one.putWrites(config!, [["list", 1]], "task");
    const refused = await refusalOf(() => putStep(one, config!, { changed: { list: [] } }));
    const again = await putStep(one, threadOf("t"), { changed: { list: ["new"] } });

    expect(refused.code).toBe("CHECKPOINT_NOT_FOUND");
    expect(await idsOf(other, threadOf("t"))).toEqual([idOf(again)]);
    expect(await valuesOf(other, again)).toEqual({ list: ["new"] });
  });

  it("is copied under a free name only, and each goes its own way", async () => {
    const saver = openSaver();
    const configs = await putSteps(saver, threadOf("t"), 3);
    await saver.copyThread("t", "copy");

    const middle = { configurable: { ...configs[1]!.configurable, thread_id: "copy" } };
    const forked = await putStep(saver, middle, { changed: { list: ["other"] } });
    const taken = await refusalOf(() => saver.copyThread("t", "copy"));
    const missing = await refusalOf(() => saver.copyThread("nobody", "else"));

    expect([taken.code, missing.code]).toEqual(["CONTEXT_EXISTS", "CONTEXT_NOT_FOUND"]);
    expect(await valuesOf(saver, forked)).toEqual({ list: ["other"] });
    expect((await saver.getTuple(forked))?.parentConfig).toEqual(middle);
    expect((await saver.getTuple(middle))?.pendingWrites).toEqual([["task 1", "list", 2]]);
    expect(await valuesOf(saver, configs[2]!)).toEqual({ list: [0, 1, 2] });
    expect(await idsOf(saver, threadOf("t"))).toHaveLength(3);
  });

  it("loses the checkpoints of a run, in all its graphs, and no others", async () => {
    const saver = openSaver();
    const runOf = (i: number) => ({ run_id: i < 2 ? "old" : "new" });
    const root = await putSteps(saver, threadOf("t"), 4, runOf);
    const child = await putSteps(saver, threadOf("t", "child"), 3, runOf);
    const other = await putSteps(saver, threadOf("other"), 2, runOf);

    const removed = await saver.deleteForRuns(["old", "unknown"], { threadId: "t" });

    expect(removed.toSorted()).toEqual([root[0], root[1], child[0], child[1]].map(idOf).toSorted());
    expect(await idsOf(saver, threadOf("t"))).toEqual([idOf(root[3]), idOf(root[2])]);
    expect(await valuesOf(saver, root[2]!)).toEqual({ list: [0, 1, 2] });
    expect(await idsOf(saver, threadOf("other"))).toHaveLength(other.length);
    const next = await putStep(saver, root[3]!, {
      changed: { more: 1 },
      same: { list: [0, 1, 2, 3] },
      versions: await versionsOf(saver, root[3]!),
    });
    expect(await valuesOf(saver, next)).toEqual({ list: [0, 1, 2, 3], more: 1 });
  });
});

describe("pruning", () => {
  it("keeps the newest checkpoints and moves the history before them to an archive", async () => {
    const folder = temporaryFolder();
    const store = openSqliteStore(join(folder, "store.db"));
    const saver = new DurableContextSaver(store);
    const configs = await putSteps(saver, threadOf("t"), 20);
    const [newest, before] = [await saver.getTuple(configs[19]!), await saver.getTuple(configs[18]!)];

    const [pruned] = await saver.prune("t", { keep: 2 });

    expect([
      pruned?.removed.length,
      (pruned?.events ?? 0) > 30,
      existsSync(pruned?.archive?.file ?? ""),
    ]).toEqual([18, true, true]);
    expect(await idsOf(saver, threadOf("t"))).toEqual([idOf(configs[19]), idOf(configs[18])]);
    expect(await saver.getTuple(configs[19]!)).toEqual(newest);
    expect(await saver.getTuple(configs[18]!)).toEqual(before);
    expect(await saver.getTuple(configs[17]!)).toBeUndefined();
    const next = await putStep(saver, configs[18]!, { changed: { list: [] } });
    expect(await valuesOf(saver, next)).toEqual({ list: [] });
    expect(store.verify().isSound).toBe(true);
    const again = openSaver(join(folder, "store.db"));
    expect(await again.getTuple(configs[18]!)).toMatchObject({ checkpoint: before!.checkpoint });
  });

  it("keeps what waits for an answer, what is copied, and what is newer than a time", async () => {
    const saver = openSaver();
    const configs = await putSteps(saver, threadOf("t"), 6);
    await saver.copyThread("t", "copy");
    const waiting = await putStep(saver, configs[2]!, { changed: { list: ["waits"] } });
    await saver.putWrites(waiting, [["__interrupt__", [{ value: "go on?" }]]], "task");
    const last = await putStep(saver, configs[5]!, { changed: { list: ["last"] } });

    const none = await saver.prune("t", { before: new Date(0), archive: false });
    await saver.prune("t", { archive: false });

    expect(none[0]?.removed).toEqual([]);
    expect(await idsOf(saver, threadOf("t"))).toEqual([idOf(last), idOf(waiting)]);
    expect((await saver.getTuple(waiting))?.pendingWrites).toEqual([
      ["task", "__interrupt__", [{ value: "go on?" }]],
    ]);
    const copied = { configurable: { ...configs[0]!.configurable, thread_id: "copy" } };
    expect(await valuesOf(saver, copied)).toEqual({ list: [0] });
    await saver.prune("copy", { archive: false });
    const [pruned] = await saver.prune("t", { archive: false });
    expect(pruned?.events).toBeGreaterThan(0);
    expect(await valuesOf(saver, waiting)).toEqual({ list: ["waits"] });
    expect(
      await valuesOf(saver, { configurable: { ...configs[5]!.configurable, thread_id: "copy" } }),
    ).toEqual({
      list: [0, 1, 2, 3, 4, 5],
    });
  });

  it("keeps what a channel that stores its changes alone is put together from", async () => {
    const saver = openSaver();
    let config = await putStep(saver, threadOf("t"), { changed: { a: 0 } });
    config = await putStep(saver, config, { changed: { list: new DeltaSnapshot([0]) } });
    for (let i = 1; i <= 3; i += 1) {
      await saver.putWrites(config, [["list", i]], "task");
      const counters = { counters_since_delta_snapshot: { list: [i, i] } };
      config = await putStep(saver, config, { changed: { b: i }, metadata: counters });
    }

    await saver.prune("t", { archive: false });
    await saver.prune(undefined, { archive: false });

    const { list } = await saver.getDeltaChannelHistory({ config, channels: ["list"] });
    expect(list?.seed).toEqual(new DeltaSnapshot([0]));
    expect(list?.writes).toEqual([1, 2, 3].map((i) => ["task", "list", i]));
    expect(await idsOf(saver, threadOf("t"))).toHaveLength(4);
  });
});

describe("tasks that run at once", () => {
  it("are applied in the same order when their channel is put together again, in 20 of 20 runs", async () => {
    const saver = openSaver();
    const names = ["e", "a", "d", "b", "c"];
    const graph = new StateGraph(
      Annotation.Root({
        log: new DeltaChannel<string[], string>((log, added) => [...log, ...added], {
          initialValueFactory: () => [],
        }) as never,
      }),
    );
    for (const [index, name] of names.entries()) {
      graph.addNode(name, async () => {
        for (let turn = 0; turn < (index * 7) % 5; turn += 1) await Promise.resolve();
        return { log: name };
      });
      graph.addEdge(START, name as never);
      graph.addEdge(name as never, END);
    }
    const compiled = graph.compile({ checkpointer: saver });

    for (let run = 0; run < 20; run += 1) {
      const config = { configurable: { thread_id: `run ${run}` } };
      const live = (await compiled.invoke({ log: "start" } as never, config)) as { log: string[] };
      const { values } = (await compiled.getState(config)) as { values: unknown };
      expect(live.log).toHaveLength(6);
      expect(values).toEqual(live);
    }
  });
});
