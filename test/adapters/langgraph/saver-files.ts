import { type Checkpoint, uuid6 } from "@langchain/langgraph-checkpoint";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import Database from "better-sqlite3";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { DurableContextSaver } from "../../../src/adapters/langgraph/index.js";
import { openMemoryStore, openStore, type Store } from "../../../src/index.js";
import { folderOfTest } from "./graphs/savers.js";

/** A file of the saver, or one with other tables, and a store to import it into: in memory, where no file is named. */
export function setUp({ tables, into }: { readonly tables?: string; readonly into?: string } = {}) {
  const folder = folderOfTest();
  const file = join(folder, "checkpoints.db");
  const own = database(file);
  if (tables !== undefined) own.exec(tables);
  const peer = new SqliteSaver(own);
  const store: Store = into === undefined ? openMemoryStore() : openStore(join(folder, into));
  onTestFinished(() => store.close());
  return { file, peer, store, saver: new DurableContextSaver(store) };
}

export function database(file: string): Database.Database {
  const opened = new Database(file);
  onTestFinished(() => void opened.close());
  return opened;
}

export function fileWith(text: string): string {
  const file = join(folderOfTest(), "text.db");
  writeFileSync(file, text.repeat(200));
  return file;
}

interface Wish {
  readonly thread: string;
  readonly id?: string;
  readonly values: Record<string, unknown>;
  readonly ts?: string;
  readonly parent?: Awaited<ReturnType<SqliteSaver["put"]>>;
}

let made = 0;

export async function put(saver: SqliteSaver, { thread, id = uuid6(made), values, ts, parent }: Wish) {
  const config = parent ?? { configurable: { thread_id: thread, checkpoint_ns: "" } };
  const checkpoint = checkpointOf({ id, v: 4, values, ...(ts !== undefined && { ts }) });
  return saver.put(config, checkpoint, { source: "loop", step: made++, parents: {} });
}

export function checkpointOf({
  id,
  v,
  ts,
  values = {},
}: {
  id: string;
  v: number;
  ts?: string;
  values?: Wish["values"];
}): Checkpoint {
  return {
    ...{ v: v, id, ts: ts ?? "2025-01-01T00:00:00.000Z", channel_values: values, versions_seen: {} },
    channel_versions: Object.fromEntries(Object.keys(values).map((name) => [name, made + 1])),
  };
}

export async function tuplesOf(saver: { list: SqliteSaver["list"] }): Promise<unknown[]> {
  const tuples: unknown[] = [];
  for await (const tuple of saver.list({})) tuples.push(JSON.parse(JSON.stringify(tuple)));
  return tuples;
}

export function countOf({ db }: SqliteSaver, table: string): unknown {
  return db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
}
