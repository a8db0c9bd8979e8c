import { HumanMessage } from "@langchain/core/messages";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { importLangGraph } from "../../../src/adapters/langgraph/index.js";
import { refusalOf } from "../../support/refusal.js";
import { graphScripts } from "./graphs/graph-scripts.js";
import { folderOfTest } from "./graphs/savers.js";
import { checkpointOf, countOf, database, fileWith, put, setUp, tuplesOf } from "./saver-files.js";

/** Graphs that leave what is hard to bring over: questions that wait, subgraphs, forks, copies, gaps in numbers. */
const telling = [
  "put together of a model",
  "asked at once",
  "whose own state is mended",
  "two forks",
  "made of updates",
];

describe("importing a file of SqliteSaver", () => {
  it("brings over every tuple of all graphs, as the saver reads them", async () => {
    const { file, peer, store, saver } = setUp({ into: "runs.db" });
    for (const words of telling)
      await graphScripts.find(({ title }) => title.includes(words))?.run(() => peer);

    const imported = await importLangGraph(file, store);

    const [ours, theirs] = [await tuplesOf(saver), await tuplesOf(peer)];
    expect(ours).toEqual(theirs);
    expect(theirs.length).toBeGreaterThan(50);
    expect(imported).toMatchObject({
      checkpoints: theirs.length,
      writes: countOf(peer, "writes"),
      skipped: [],
    });
    expect(store.verify().isSound).toBe(true);
  });

  it("gives events the times of their checkpoints, and says who brought them", async () => {
    const { file, peer, store } = setUp();
    await put(peer, { thread: "t", ts: "2025-01-02T03:04:05.678Z", values: { a: 1 } });

    await importLangGraph(file, store, { actor: "ann", cause: "moving in" });

    const [context] = store.contexts();
    const events = store.find(context?.id ?? "")?.history();
    expect(events).toMatchObject([{ at: Date.parse("2025-01-02T03:04:05.678Z"), actor: "ann" }]);
  });

  it("keeps bytes, which the saver itself gives back changed", async () => {
    const { file, peer, store, saver } = setUp();
    const config = await put(peer, { thread: "t", values: {} });
    await peer.putWrites(config, [["bytes", new Uint8Array([0, 200, 255])]], "task");

    await importLangGraph(file, store);

    const tuple = await saver.getTuple(config);
    expect(tuple?.pendingWrites).toEqual([["task", "bytes", new Uint8Array([0, 200, 255])]]);
  });

  it("brings over what is left where older checkpoints were deleted", async () => {
    const { file, peer, store, saver } = setUp();
    const first = await put(peer, { thread: "t", values: { a: [1] } });
    const second = await put(peer, { thread: "t", values: { a: [1, 2] }, parent: first });
    await put(peer, { thread: "t", values: { a: [1, 2, 3] }, parent: second });
    peer.db.prepare("DELETE FROM checkpoints WHERE checkpoint_id = ?").run(first.configurable?.checkpoint_id);

    await importLangGraph(file, store);

    expect(await tuplesOf(saver)).toEqual(await tuplesOf(peer));
    expect(await tuplesOf(saver)).toMatchObject([{}, { parentConfig: first }]);
  });

  it.each([
    {
      release: "before namespaces and writes",
      tables:
        "CREATE TABLE checkpoints (thread_id TEXT, checkpoint_id TEXT, parent_id TEXT, checkpoint BLOB, metadata BLOB, PRIMARY KEY (thread_id, checkpoint_id))",
      columns: "thread_id, checkpoint_id, parent_id, checkpoint, metadata",
    },
    {
      release: "before ids of checkpoints",
      tables:
        "CREATE TABLE checkpoints (thread_id TEXT, thread_ts TEXT, parent_ts TEXT, checkpoint BLOB, PRIMARY KEY (thread_id, thread_ts))",
      columns: "thread_id, thread_ts, parent_ts, checkpoint",
    },
  ])("reads files of releases $release", async ({ tables, columns }) => {
    const { file, store, saver } = setUp({ tables });
    const old = database(file);
    const insert = old.prepare(
      `INSERT INTO checkpoints (${columns}) VALUES (${columns.replace(/\w+/g, "?")})`,
    );
    const rows = [["t", "1", null, JSON.stringify(checkpointOf({ id: "1", v: 1 })), '{"step":0}']];
    rows.push([
      "t",
      "2",
      "1",
      JSON.stringify(checkpointOf({ id: "2", v: 1, values: { a: 1 } })),
      '{"step":1}',
    ]);
    for (const row of rows) insert.run(...row.slice(0, columns.split(",").length));

    await importLangGraph(file, store);

    const tuple = await saver.getTuple({ configurable: { thread_id: "t" } });
    expect(tuple?.checkpoint.channel_values).toMatchObject({ a: 1 });
    expect(tuple?.parentConfig?.configurable).toMatchObject({ checkpoint_id: "1" });
  });

  it("keeps the order of tasks that later releases note, and the numbers of writes", async () => {
    const { file, peer, store, saver } = setUp();
    const config = await put(peer, { thread: "t", values: {} });
    await peer.putWrites(
      config,
      [
        ["a", 1],
        ["__error__", "e"],
        ["b", 2],
      ],
      "early",
    );
    await peer.putWrites(config, [["c", 3]], "late");
    peer.db.exec("ALTER TABLE writes ADD COLUMN task_path TEXT NOT NULL DEFAULT ''");
    peer.db.exec("UPDATE writes SET task_path = CASE task_id WHEN 'early' THEN 'z' ELSE 'y' END");

    await importLangGraph(file, store);

    const written = [
      ["late", "c", 3],
      ["early", "__error__", "e"],
      ["early", "a", 1],
      ["early", "b", 2],
    ];
    expect((await saver.getTuple(config))?.pendingWrites).toEqual(written);
  });

  it("writes nothing on a dry run, and tells the same", async () => {
    const { file, peer, store } = setUp();
    await put(peer, { thread: "t", values: { messages: [new HumanMessage("hello")] } });

    const rehearsed = await importLangGraph(file, store, { dryRun: true });

    expect(store.contexts()).toEqual([]);
    expect(await importLangGraph(file, store)).toEqual(rehearsed);
  });

  it("is refused where a thread is in the store already, the second time above all", async () => {
    const { file, peer, store } = setUp();
    await put(peer, { thread: "t", values: { a: 1 } });
    await importLangGraph(file, store);
    await put(peer, { thread: "s", values: { a: 1 } });

    const refusal = await refusalOf(() => importLangGraph(file, store));

    expect(refusal).toMatchObject({ code: "THREAD_EXISTS", details: { thread: "t" } });
    expect(store.contexts()).toHaveLength(1);
  });
});

describe("a file that cannot be imported", () => {
  it.each([
    ["is not there", () => join(folderOfTest(), "none.db"), "EXPORT_NOT_FOUND", "none.db"],
    ["is no database", () => fileWith("checkpoints"), "CHECKPOINTS_UNREADABLE", "it is no SQLite database"],
    [
      "is another database",
      () => setUp({ tables: "CREATE TABLE a (b)" }).file,
      "CHECKPOINTS_UNREADABLE",
      'no table "checkpoints"',
    ],
    [
      "has another table of that name",
      () => setUp({ tables: "CREATE TABLE checkpoints (b)" }).file,
      "CHECKPOINTS_UNREADABLE",
      "is not the one",
    ],
    [
      "has no column for what was written",
      () =>
        setUp({
          tables: `CREATE TABLE checkpoints (thread_id, checkpoint_id, parent_checkpoint_id, checkpoint); CREATE TABLE writes (b)`,
        }).file,
      "CHECKPOINTS_UNREADABLE",
      '"writes" is not the one',
    ],
  ])("is told of where it %s", async (_, fileOf, code, words) => {
    const { store } = setUp();
    const file = fileOf();

    const refusal = await refusalOf(() => importLangGraph(file, store));

    expect(refusal).toMatchObject({ code });
    expect(refusal.message).toContain(words);
    expect(store.contexts()).toEqual([]);
  });

  it("is told of where SQLite finds it damaged", async () => {
    const { file, peer, store } = setUp();
    for (let step = 0; step < 50; step++) await put(peer, { thread: "t", values: { text: "x".repeat(900) } });
    peer.db.pragma("wal_checkpoint(TRUNCATE)");
    peer.db.close();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xff, 3 * 4096, 3 * 4096 + 200));

    expect(await refusalOf(() => importLangGraph(file, store))).toMatchObject({
      code: "CHECKPOINTS_UNREADABLE",
    });
  });

  it.each([
    ["was written by the Python library", "UPDATE checkpoints SET type = 'msgpack'", 'of type "msgpack"'],
    ["is no JSON", "UPDATE checkpoints SET checkpoint = '{'", "no JSON"],
    [
      "is what the saver makes of a BigInt",
      `UPDATE checkpoints SET checkpoint = '"[unable to serialize]"'`,
      "a text stands in its place",
    ],
    [
      "has another's id",
      `UPDATE checkpoints SET checkpoint = json_set(checkpoint, '$.id', 'x')`,
      "the id of another one",
    ],
    [
      "has lost its channels",
      `UPDATE checkpoints SET checkpoint = json_remove(checkpoint, '$.channel_versions')`,
      "channels",
    ],
    [
      "holds what LangGraph cannot make",
      `UPDATE checkpoints SET checkpoint = json_set(checkpoint, '$.channel_values.a', json('{"lc":1,"type":"constructor","id":["langchain","none"],"kwargs":{}}'))`,
      "LangGraph cannot read it",
    ],
  ])("is refused where a checkpoint %s, or is imported without it", async (_, harm, words) => {
    const { file, peer, store, saver } = setUp();
    const config = await put(peer, { thread: "broken", values: { a: 1 } });
    await peer.putWrites(config, [["a", 2]], "task");
    peer.db.exec(harm);
    const next = await put(peer, { thread: "broken", values: { a: 2 }, parent: config });

    const refusal = await refusalOf(() => importLangGraph(file, store));
    const imported = await importLangGraph(file, store, { skipUnreadable: true });

    expect(refusal.message).toContain(`of thread "broken": `);
    expect(refusal.message).toContain(words);
    expect(imported).toMatchObject({
      checkpoints: 1,
      writes: 0,
      skipped: [{ thread: "broken", part: "checkpoint" }],
    });
    expect(await saver.getTuple(next)).toMatchObject({ parentConfig: config });
  });

  it("is refused where checkpoints come before themselves", async () => {
    const { file, peer, store } = setUp();
    const config = await put(peer, { thread: "t", values: {} });
    const next = await put(peer, { thread: "t", values: {}, parent: config });
    peer.db.prepare("UPDATE checkpoints SET parent_checkpoint_id = ?").run(next.configurable?.checkpoint_id);

    const refusal = await refusalOf(() => importLangGraph(file, store));

    expect(refusal.message).toContain("comes before itself");
  });
});
