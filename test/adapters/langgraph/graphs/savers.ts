import { MemorySaver } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import Database from "better-sqlite3";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { DurableContextSaver } from "../../../../src/adapters/langgraph/index.js";
import type { OpenSaver } from "./graph-script.js";

/** Savers, each with a place of its own that is gone when the test ends. */
export const savers = {
  MemorySaver: (): OpenSaver => {
    const saver = new MemorySaver();
    return () => saver;
  },
  SqliteSaver: (): OpenSaver => {
    const file = join(folderOfTest(), "peer.db");
    return () => {
      const database = new Database(file);
      onTestFinished(() => void database.close());
      return new SqliteSaver(database);
    };
  },
  DurableContextSaver: (): OpenSaver => {
    const file = join(folderOfTest(), "ours.db");
    return () => {
      const saver = DurableContextSaver.open(file, { durability: "normal" });
      onTestFinished(() => saver.close());
      return saver;
    };
  },
} as const;

export function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "durable-context-graphs-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
