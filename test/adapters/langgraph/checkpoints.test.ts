import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DurableContextSaver } from "../../../src/adapters/langgraph/index.js";
import { openMemoryStore } from "../../../src/index.js";
import { openSqliteStore } from "../../support/each-engine.js";
import { refusalOf } from "../../support/refusal.js";
import { temporaryFolder } from "../../support/sqlite-files.js";
import { openSaver, putStep, threadOf, valuesOf, versionsOf } from "../../support/threads.js";

describe("a checkpoint", () => {
  it("behind a parent that is not there is refused", async () => {
    const saver = openSaver();
    const nowhere = { configurable: { thread_id: "t", checkpoint_ns: "", checkpoint_id: "gone" } };

    const error = await refusalOf(() => putStep(saver, nowhere, { changed: { a: 1 } }));
    await putStep(saver, threadOf("t"), { changed: { a: 1 } });
    const again = await refusalOf(() => putStep(saver, nowhere, { changed: { a: 2 } }));

    expect([error.code, again.code]).toEqual(["CHECKPOINT_NOT_FOUND", "CHECKPOINT_NOT_FOUND"]);
    expect(await valuesOf(saver, threadOf("t"))).toEqual({ a: 1 });
  });

  it("keeps its own values when others are put behind the same parent", async () => {
    const saver = openSaver();
    const root = await putStep(saver, threadOf("t"), { changed: { list: ["a"], kept: "k" } });
    const versions = await versionsOf(saver, root);
    const b = await putStep(saver, root, { changed: { list: ["a", "b"] }, same: { kept: "k" }, versions });
    const b2 = await putStep(saver, b, {
      changed: { list: ["a", "b", "b2"], extra: 1 },
      same: { kept: "k" },
      versions,
    });
    const c = await putStep(saver, root, { changed: { list: ["a", "c"] }, same: { kept: "k" }, versions });
    const b3 = await putStep(saver, b2, { changed: { kept: "new" }, versions: await versionsOf(saver, b2) });
    const c2 = await putStep(saver, c, { changed: { list: [] }, versions: await versionsOf(saver, c) });

    const read = await Promise.all([root, b, b2, c, b3, c2].map((config) => valuesOf(saver, config)));

    expect(read).toEqual([
      { list: ["a"], kept: "k" },
      { list: ["a", "b"], kept: "k" },
      { list: ["a", "b", "b2"], extra: 1, kept: "k" },
      { list: ["a", "c"], kept: "k" },
      { list: ["a", "b", "b2"], extra: 1, kept: "new" },
      { list: [], kept: "k" },
    ]);
  });

  it("that is put as a copy behind the one before has the values of what it copies", async () => {
    const saver = openSaver();
    const root = await putStep(saver, threadOf("t"), { changed: { list: ["a"], gone: 1 } });
    const next = await putStep(saver, root, { changed: { list: ["a", "b"] } });
    const last = await putStep(saver, next, { changed: { list: ["a", "b", "c"] } });
    const copied = { same: await valuesOf(saver, next), versions: await versionsOf(saver, next) };

    const copy = await putStep(saver, root, { ...copied, same: copied.same!, metadata: { source: "fork" } });
    const ofRoot = await putStep(saver, threadOf("t"), {
      same: (await valuesOf(saver, root))!,
      versions: await versionsOf(saver, root),
      metadata: { source: "fork" },
    });

    expect(await valuesOf(saver, copy)).toEqual({ list: ["a", "b"] });
    expect(await valuesOf(saver, ofRoot)).toEqual({ list: ["a"], gone: 1 });
    expect(await valuesOf(saver, last)).toEqual({ list: ["a", "b", "c"] });
  });

  it("that is put again with other values has these, and what follows it keeps its own", async () => {
    const saver = openSaver();
    const id = "1ef00000-0000-6000-8000-000000000001";
    const root = await putStep(saver, threadOf("t"), { changed: { a: 1 }, id });
    const child = await putStep(saver, root, {
      changed: { b: 1 },
      same: { a: 1 },
      versions: await versionsOf(saver, root),
    });

    await putStep(saver, threadOf("t"), { changed: { a: 2 }, id });

    expect(await valuesOf(saver, root)).toEqual({ a: 2 });
    expect(await valuesOf(saver, child)).toEqual({ a: 1, b: 1 });
  });

  it("by each of two writers on one thread is there, whichever came first", async () => {
    const path = join(temporaryFolder(), "threads.db");
    const [one, other] = [openSaver(path), openSaver(path)];
    const root = await putStep(one, threadOf("t"), { changed: { list: ["root"] } });
    const versions = await versionsOf(other, root);

    const [a, b] = await Promise.all([
      putStep(one, root, { changed: { list: ["root", "a"] }, versions }),
      putStep(other, root, { changed: { list: ["root", "b"] }, versions }),
    ]);
    await Promise.all([one.putWrites(root, [["x", 1]], "t1"), other.putWrites(root, [["x", 2]], "t2")]);
    const a2 = await putStep(other, a, {
      changed: { more: "a2" },
      same: { list: ["root", "a"] },
      versions: await versionsOf(other, a),
    });

    for (const saver of [one, other, openSaver(path)]) {
      expect(await valuesOf(saver, a)).toEqual({ list: ["root", "a"] });
      expect(await valuesOf(saver, b)).toEqual({ list: ["root", "b"] });
      expect(await valuesOf(saver, a2)).toEqual({ list: ["root", "a"], more: "a2" });
      expect((await saver.getTuple(root))?.pendingWrites?.map(([task]) => task)).toEqual(["t1", "t2"]);
    }
  });

  it("is in a store beside ordinary contexts, whose ids it does not take", async () => {
    const store = openSqliteStore(join(temporaryFolder(), "store.db"));
    store.context("t", { initial: { mine: true } });
    store.context("langgraph/taken", { initial: { mine: true } });
    const saver = new DurableContextSaver(store);

    await putStep(saver, threadOf("t"), { changed: { a: 1 } });
    const error = await refusalOf(() => putStep(saver, threadOf("taken"), { changed: { a: 1 } }));
    saver.close();

    expect(error.code).toBe("CONTEXT_EXISTS");
    expect(store.find("t")?.data).toEqual({ mine: true });
    expect(store.find(saver.contextId("t"))?.get("a")).toBe(1);
    expect(store.verify().isSound).toBe(true);
  });

  it("is not put where somebody protects a channel that it would change", async () => {
    const store = openMemoryStore();
    const saver = new DurableContextSaver(store);
    const config = await putStep(saver, threadOf("t"), { changed: { goal: "ship", step: 1 } });
    store.find(saver.contextId("t"))?.protect("goal");

    const error = await refusalOf(() => putStep(saver, config, { changed: { goal: "stop", step: 2 } }));

    expect(error.code).toBe("KEY_PROTECTED");
    expect(await valuesOf(saver, threadOf("t"))).toEqual({ goal: "ship", step: 1 });
    expect((await saver.getTuple(threadOf("t")))?.config).toEqual(config);
  });
});

describe("pending writes", () => {
  it("are taken without a namespace, and before their checkpoint comes", async () => {
    const saver = openSaver();
    const id = "1ef00000-0000-6000-8000-000000000002";
    const config = { configurable: { thread_id: "t", checkpoint_id: id } };

    await saver.putWrites(config, [["a", 1]], "task");
    await putStep(saver, threadOf("t"), { changed: { a: 0 }, id });

    expect((await saver.getTuple(config))?.pendingWrites).toEqual([["task", "a", 1]]);
  });

  it("stay as they were first, but for special ones alone, and stand in the order of their tasks", async () => {
    const saver = openSaver();
    const config = await putStep(saver, threadOf("t"), { changed: { a: 0 } });

    await saver.putWrites(
      config,
      [
        ["x", 1],
        ["y", 1],
      ],
      "b",
      "~2",
    );
    await saver.putWrites(
      config,
      [
        ["x", 2],
        ["y", 2],
        ["z", 2],
      ],
      "b",
      "~2",
    );
    await saver.putWrites(config, [["__interrupt__", "first"]], "b", "~2");
    await saver.putWrites(config, [["__interrupt__", "second"]], "b", "~2");
    await saver.putWrites(config, [["x", "\u{10000}"]], "\u{10000}", "~1");
    await saver.putWrites(config, [["x", "\uffff"]], "\uffff", "~1");
    await saver.putWrites(config, [["__error__", "kept"]], "null");
    await saver.putWrites(
      config,
      [
        ["__error__", "ignored"],
        ["constructor", 1],
      ],
      "null",
    );

    const expected = [
      ["null", "__error__", "kept"],
      ["null", "constructor", 1],
      ["\uffff", "x", "\uffff"],
      ["\u{10000}", "x", "\u{10000}"],
      ["b", "__interrupt__", "second"],
      ["b", "x", 1],
      ["b", "y", 1],
      ["b", "z", 2],
    ];
    expect((await saver.getTuple(config))?.pendingWrites).toEqual(expected);
    await putStep(saver, config, { changed: { a: 1 } });
    expect((await saver.getTuple(config))?.pendingWrites).toEqual(expected);
    await saver.putWrites(config, [["late", 1]], "z", "~9");
    expect((await saver.getTuple(config))?.pendingWrites).toEqual([...expected, ["z", "late", 1]]);
  });
});

describe("a listing", () => {
  it("gives all of a long branching thread, newest first, as each was", async () => {
    const saver = openSaver();
    const puts: { config: unknown; values: unknown }[] = [];
    let config = threadOf("t");
    let values: Record<string, unknown> = { list: [] as number[] };
    const fork = { at: threadOf("t"), values };
    for (let i = 0; i < 60; i += 1) {
      const versions = i === 0 ? {} : await versionsOf(saver, config);
      const list = [...(values.list as number[]), i];
      const changed = i % 3 === 0 ? { list, flag: i } : { list };
      config = await putStep(saver, config, { changed, same: values, versions });
      values = { ...values, ...changed };
      puts.unshift({ config, values });
      if (i === 20) Object.assign(fork, { at: config, values });
      if (i === 40) [config, values] = [fork.at, fork.values];
      await saver.putWrites(config, [["list", i]], `task ${i}`);
    }

    const listed: { config: unknown; values: unknown }[] = [];
    for await (const tuple of saver.list(threadOf("t"))) {
      const { list, ...others } = tuple.checkpoint.channel_values;
      listed.push({ config: tuple.config, values: { list, ...others } });
      expect(tuple).toEqual(await saver.getTuple(tuple.config));
    }

    expect(listed).toEqual(puts);
  });

  it("takes any filter as data, whole, and a limit of none", async () => {
    const saver = openSaver();
    await putStep(saver, threadOf("t"), {
      changed: { a: 1 },
      metadata: { "a.b": 1, deep: { x: [1, { y: null }] }, at: new Date(0) },
    });
    const count = async (filter: Record<string, unknown>, limit?: number) => {
      let found = 0;
      for await (const { config } of saver.list(threadOf("t"), {
        filter,
        ...(limit === undefined ? {} : { limit }),
      }))
        found += config.configurable === undefined ? 0 : 1;
      return found;
    };

    expect(await count({ "a.b": 1 })).toBe(1);
    expect(await count({ a: { b: 1 } })).toBe(0);
    expect(await count({ deep: { x: [1, { y: null }] }, at: new Date(0) })).toBe(1);
    expect(await count({ deep: { x: [1, { y: 0 }] } })).toBe(0);
    expect(await count({ "') OR 1=1 --": 1 })).toBe(0);
    expect(await count({ toString: undefined })).toBe(0);
    expect(await count({}, 0)).toBe(0);
  });
});
