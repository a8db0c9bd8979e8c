import { once } from "node:events";
import { join } from "node:path";
import { HumanMessage } from "@langchain/core/messages";
import { InvalidNamespaceError, type Operation } from "@langchain/langgraph-checkpoint";
import { describe, expect, it } from "vitest";
import { DurableContextStore } from "../../../src/adapters/langgraph/index.js";
import { startChild } from "../../support/child-processes.js";
import { openSqliteStore } from "../../support/each-engine.js";
import { ada, counted, inMemory, onSqlite } from "../../support/graph-memory.js";
import { Money, moneyClass } from "../../support/money.js";
import { rememberingAgent } from "../../support/remembering-agent.js";
import { temporaryFolder } from "../../support/sqlite-files.js";

describe.each([
  ["SQLite", onSqlite],
  ["memory", inMemory],
])("the store for LangGraph on %s", (_name, open) => {
  it("keeps values exactly, and apart from those of its callers", async () => {
    const { memory, reopen } = open({ classes: [moneyClass] }, { classes: [moneyClass] });
    const large = Array.from({ length: 500 }, (_, n) => ({ n, text: "a text of some length" }));
    const value = {
      ...{
        date: new Date(5),
        big: 2n ** 80n,
        map: new Map([[1, new Set(["a"])]]),
        bytes: new Uint8Array([0, 255]),
      },
      ...{ none: undefined, nan: NaN, zero: -0, half: "\ud800", money: new Money(5), large },
      ["__proto__"]: { polluted: true },
    };
    await memory.put(ada, "all", value);
    const kept = structuredClone({ ...value, money: null });
    value.date.setTime(0);
    value.map.clear();
    large.length = 0;
    const found = await memory.get(ada, "all");
    (found?.value.large as unknown[]).length = 0;
    found?.createdAt.setTime(0);
    found?.namespace.push("changed");

    const again = await reopen().get(ada, "all");

    expect({ ...again?.value, money: null }).toStrictEqual(kept);
    expect(again?.value.money).toEqual(new Money(5));
    expect(again?.createdAt.getTime()).toBeGreaterThan(0);
    expect(again?.namespace).toEqual(ada);
  });

  it("keeps messages as messages, and what only looks like one as it is", async () => {
    const { memory, reopen } = open();
    const said = { at: new Date(1), messages: [new HumanMessage({ content: "tea?", id: "1" })] };
    const alike = {
      lc: 1,
      type: "constructor",
      id: ["langchain_core", "messages", "AIMessage"],
      $lc: "AIMessage",
    };
    await memory.put(ada, "said", said);
    await memory.put(ada, "alike", alike);

    const again = reopen();
    const [found] = await again.search(ada, { filter: { at: new Date(1) } });
    const [past] = await again.history(ada, "said");

    expect(found?.value).toEqual(said);
    expect(found?.value.messages).toEqual([expect.any(HumanMessage)]);
    expect(past?.item?.value).toEqual(said);
    expect((await again.search(ada, { filter: { $lc: "AIMessage" } }))[0]?.value).toStrictEqual(alike);
  });

  it("keeps a large value through small changes", async () => {
    const { memory, reopen } = open();
    const notes = Array.from({ length: 300 }, (_, n) => `note number ${n} of a long list`);
    await memory.put(ada, "notes", { notes });
    await memory.put(ada, "notes", { notes: [...notes, "one more"] });

    const [found] = await reopen().search(ada);

    expect(found?.value).toEqual({ notes: [...notes, "one more"] });
  });

  it.each([
    ["a function", { ok: 1, run: () => 1 }, "VALUE_UNSUPPORTED"],
    ["a class that nobody registered", new Money(1), "VALUE_UNSUPPORTED"],
    ["nothing", undefined, "VALUE_UNSUPPORTED"],
  ])("refuses %s before anything is written", async (_what, value, code) => {
    const { memory, store } = open();
    const put = (given: unknown) => ({ namespace: ada, key: "k", value: given }) as Operation;

    await expect(memory.batch([put({ fine: true }), { ...put(value), key: "bad" }])).rejects.toMatchObject({
      code,
    });

    expect(store.contexts()).toEqual([]);
  });

  it("refuses names that cannot be kept before anything is written", async () => {
    const { memory, store } = open();
    const fine = { namespace: ada, key: "k", value: {} };

    await expect(memory.batch([fine, { ...fine, namespace: ["a.b"] }])).rejects.toThrow(
      InvalidNamespaceError,
    );
    await expect(memory.batch([fine, { ...fine, namespace: ["x".repeat(600)] }])).rejects.toMatchObject({
      code: "ID_INVALID",
    });
    await expect(memory.batch([fine, { ...fine, key: "x".repeat(5000) }])).rejects.toMatchObject({
      code: "KEY_INVALID",
    });
    await expect(memory.search([], { limit: -1 })).rejects.toMatchObject({ code: "OPTION_INVALID" });
    await expect(memory.listNamespaces({ maxDepth: 0 })).rejects.toMatchObject({ code: "OPTION_INVALID" });
    expect(() => new DurableContextStore(store, { prefix: "a:b" })).toThrow(/prefix/);
    expect(store.contexts()).toEqual([]);
  });

  it("writes a batch whole or not at all, over namespaces too", async () => {
    const { memory } = open({ limits: { refuse: { valueBytes: 1000 } } });
    await memory.put(ada, "a", { n: 1 });
    const puts = [
      { namespace: ada, key: "a", value: { n: 2 } },
      { namespace: ["users", "bob"], key: "b", value: {} },
      { namespace: ["users", "eve"], key: "c", value: { text: "x".repeat(2000) } },
    ];

    await expect(memory.batch(puts)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });

    expect((await memory.search([])).map(({ value }) => value)).toEqual([{ n: 1 }]);
    expect(await memory.listNamespaces()).toEqual([ada]);
  });

  it("tells what an item was over time, and at any time", async () => {
    let time = 0;
    const { memory, store } = open({ now: () => time }, { now: () => time });
    for (const [at, value] of [
      [10, { diet: "none" }],
      [20, { diet: "vegan" }],
      [30, null],
      [40, { diet: "none" }],
    ] as const) {
      time = at;
      await memory.batch([{ namespace: ada, key: "diet", value }]);
      await memory.put(ada, "other", { at });
    }

    const history = await memory.history(ada, "diet");
    const at = async (ms: number) => (await memory.getAt(ada, "diet", new Date(ms)))?.value ?? null;

    expect(history.map(({ item, at: when }) => [when.getTime(), item?.value ?? null])).toEqual([
      [10, { diet: "none" }],
      [20, { diet: "vegan" }],
      [30, null],
      [40, { diet: "none" }],
    ]);
    expect(history.map(({ item }) => item?.createdAt.getTime())).toEqual([10, 10, undefined, 40]);
    expect(await Promise.all([9, 10, 19, 20, 30, 39, 40, 99].map(at))).toEqual(
      [null, "none", "none", "vegan", null, null, "none", "none"].map((diet) => diet && { diet }),
    );
    expect(await memory.getAt(ada, "diet", history[1]!.version)).toEqual(history[1]!.item);
    expect(await memory.history(ada, "diet", { order: "newest", limit: 1 })).toEqual([history[3]]);
    expect(await memory.history(["nobody"], "diet")).toEqual([]);
    expect(store.find(memory.contextId(ada))?.keys()).toEqual(["item/other", "item/diet"]);
  });

  it("knows when items were made, and what is not known any more, where the history was pruned", async () => {
    let time = 0;
    const { memory, store } = open({ now: () => time }, { now: () => time });
    for (time = 10; time <= 50; time += 10) await memory.put(ada, "k", { time });
    await memory.put(ada, "gone", {});
    await memory.delete(ada, "gone");
    store.find(memory.contextId(ada))?.prune({ before: "@latest", archive: false });
    time = 90;
    await memory.put(ada, "k", { time });

    expect((await memory.get(ada, "k"))?.createdAt).toEqual(new Date(10));
    expect((await memory.getAt(ada, "k", new Date(89)))?.value).toEqual({ time: 50 });
    await expect(memory.getAt(ada, "gone", new Date(45))).rejects.toMatchObject({ code: "HISTORY_PRUNED" });
    expect(await memory.getAt(ada, "gone", new Date(89))).toBeNull();
  });

  it("erases an item with all that it was, and its vectors", async () => {
    const { memory, store } = open({}, { index: counted().index });
    await memory.put(ada, "card", { text: "anna" });
    await memory.put(ada, "card", { text: "sense" });
    await memory.put(ada, "other", { text: "kept" });

    expect(await memory.erase(ada, "card", "asked for by Ada")).toBe(4);

    expect(await memory.get(ada, "card")).toBeNull();
    expect(await memory.getAt(ada, "card", new Date())).toBeNull();
    expect((await memory.history(ada, "card")).map(({ kind }) => kind)).toEqual([
      "erased",
      "erased",
      "deleted",
    ]);
    expect((await memory.search(ada)).map(({ key }) => key)).toEqual(["other"]);
    expect(store.search("anna", { in: "history" })).toEqual([]);
    expect(await memory.erase(["nobody"], "card", "asked for by Ada")).toBe(0);
  });

  it("goes on where a namespace's context was deleted or renamed by others", async () => {
    const { memory, store } = open();
    await memory.put(ada, "a", { n: 1 });
    store.delete(memory.contextId(ada));
    await memory.put(ada, "a", { n: 2 });
    store.find(memory.contextId(ada))?.rename("kept elsewhere");
    await memory.put(ada, "b", { n: 3 });

    expect((await memory.search([])).map(({ key }) => key)).toEqual(["b"]);
    expect(store.find("kept elsewhere")?.keys()).toEqual(["item/a"]);
  });

  it("leaves other contexts and other stores in the same file alone", async () => {
    const { memory, store } = open();
    const other = new DurableContextStore(store, { prefix: "memory2" });
    store.context("memory:users", { initial: { "item/x": 5, ordinary: true } });
    store.context("memory", { initial: { "item/x": 5 } });
    await other.put(["users"], "k", { mine: false });
    await memory.put(["users"], "k", { mine: true });
    await memory.put(["users-too"], "k", { mine: true });

    expect((await memory.search(["users"])).map(({ value }) => value)).toEqual([{ mine: true }]);
    expect(await other.listNamespaces()).toEqual([["users"]]);
    expect(store.find("memory:users")?.get("ordinary")).toBe(true);
  });
});

describe("the store for LangGraph among processes", () => {
  it("shows what another process has put, loses nothing of it when that is killed, and keeps batches whole", async () => {
    const { store, memory } = onSqlite({});
    await memory.put(["shared"], "parent", { round: -1 });
    const child = startChild("put-memories", store.location);
    let acknowledged = -1;
    for await (const words of child.stdout) {
      acknowledged = Number(String(words).trim().split("\n").at(-1));
      expect((await memory.get(["shared"], `child ${acknowledged}`))?.value).toEqual({ round: acknowledged });
      await memory.put(["shared"], `parent ${acknowledged}`, { round: acknowledged });
      if (acknowledged > 20) break;
    }
    child.kill("SIGKILL");
    await once(child, "close");

    const items = await memory.search(["shared"], { limit: Infinity });
    const rounds = items.filter(({ key }) => key.startsWith("child")).map(({ value }) => Number(value.round));
    const own = await memory.get(["own"], "round");

    expect(rounds.length).toBeGreaterThan(acknowledged);
    expect(rounds).toEqual(rounds.map((_, round) => round));
    expect(own?.value).toEqual({ round: rounds.at(-1) });
    expect(store.verify().faults).toEqual([]);
  });
});

describe("a graph of LangGraph", () => {
  it("keeps its memory in the store, from run to run, beside ordinary contexts", async () => {
    const path = join(temporaryFolder(), "agent.db");
    const run = async (user: string, said: string) => {
      const store = openSqliteStore(path);
      store.context("an ordinary run").set("said", said);
      const answer = await rememberingAgent(new DurableContextStore(store)).invoke({ user, said });
      store.close();
      return answer.remembered;
    };

    await run("ada", "I like tea");
    await run("bob", "I like mate");

    expect(await run("ada", "and cake")).toEqual(["I like tea", "and cake"]);
  });
});
