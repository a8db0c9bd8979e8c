import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bundleProgram } from "../../../scripts/soak/bundle.js";
import { longGraph } from "./graphs/long-graph.js";
import type { Death, Life } from "./graphs/mortal.js";
import { folderOfTest, savers } from "./graphs/savers.js";

describe("a process that is killed in the middle of a graph", () => {
  it.each([
    {
      durability: "sync" as const,
      deaths: [
        { at: "after put", count: 2 },
        { at: "wash", count: 1 },
        { at: "after putWrites", count: 4 },
        { at: "right", count: 2 },
        { at: "close", count: 1 },
      ],
    },
    {
      durability: "async" as const,
      deaths: [
        { at: "after put", count: 4 },
        { at: "before putWrites", count: 6 },
      ],
    },
  ])(
    "is gone on with in new ones to the same end, durability $durability",
    async ({ durability, deaths }) => {
      const folder = folderOfTest();
      const child = bundleProgram(join(import.meta.dirname, "graphs/mortal.ts"));
      const life = { file: join(folder, "graph.db"), notes: join(folder, "notes"), durability };
      const unbroken: string[] = [];
      const expected: unknown = await longGraph((node) => void unbroken.push(node))
        .compile({ checkpointer: savers.MemorySaver()() })
        .invoke({}, { configurable: { thread_id: "long" } });

      for (const death of deaths)
        expect(await live(child, { ...life, death })).toEqual({ signal: "SIGKILL", said: "" });
      const { signal, said } = await live(child, life);

      expect(signal).toBeNull();
      expect(JSON.parse(said)).toEqual(expected);
      const ran = readFileSync(life.notes, "utf8").trimEnd().split("\n");
      // Of each round, only the branches that were under way are begun again.
      expect(ran.length - unbroken.length).toBeLessThanOrEqual(3 * deaths.length);
    },
  );
});

async function live(child: string, life: Life & { readonly death?: Death }) {
  const running = spawn(process.execPath, [child, JSON.stringify(life)]);
  const [said, complaints]: Buffer[][] = [[], []];
  running.stdout.on("data", (part: Buffer) => said!.push(part));
  running.stderr.on("data", (part: Buffer) => complaints!.push(part));
  const [, signal] = (await once(running, "close")) as [unknown, string | null];
  if (complaints!.length > 0) throw new Error(Buffer.concat(complaints!).toString());
  return { signal, said: Buffer.concat(said!).toString() };
}
