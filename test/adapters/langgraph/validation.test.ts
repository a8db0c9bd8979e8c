import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deltaChannelHistoryTests, specTest } from "@langchain/langgraph-checkpoint-validation";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DurableContextSaver } from "../../../src/adapters/langgraph/index.js";

// LangChain's own suite, whole. It takes vitest's functions for global ones.
const globals = { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it };
Object.assign(globalThis, globals);

const folder = mkdtempSync(join(tmpdir(), "durable-context-"));
let opened = 0;

const initializer = {
  checkpointerName: "durable-context",
  createCheckpointer: () =>
    DurableContextSaver.open(join(folder, `${opened++}.db`), { durability: "normal" }),
  destroyCheckpointer: (saver: DurableContextSaver) => saver.close(),
  afterAll: () => rmSync(folder, { recursive: true, force: true }),
};

afterAll(() => {
  for (const name of Object.keys(globals)) Reflect.deleteProperty(globalThis, name);
});

specTest(initializer);
deltaChannelHistoryTests(initializer);
