import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "../../src/index.js";
import { startChild } from "../support/child-processes.js";
import { temporaryFolder } from "../support/sqlite-files.js";

/** How many lines of acknowledgements each child may write before it is killed. */
const killsAfter = [1, 2, 3, 5, 8, 13, 21, 34];

describe("a process that is killed", () => {
  it("loses no write that it was told of, and leaves nothing half done", { timeout: 60_000 }, async () => {
    const path = join(temporaryFolder(), "runs.db");
    openStore(path).close();

    for (const lines of killsAfter) {
      const told = await killAfter(path, lines);

      using store = openStore(path, { create: false });
      const context = store.context("run");
      expect(context.sequence).toBeGreaterThanOrEqual(told.sequence);
      expect(context.version).toBeGreaterThanOrEqual(told.version);
      expect(context.get("left")).toBe(context.get("right"));
      expect(context.at("@latest").data).toEqual(context.persistent);
      expect(store.rebuild().differences).toEqual({
        current_keys: 0,
        key_changes: 0,
        phases: 0,
        receipts: 0,
      });
    }
  });

  it("has its unfinished phase run again, and its finished one not", async () => {
    const path = join(temporaryFolder(), "runs.db");
    const first = openStore(path);
    const context = first.context("run");
    await context.phase("planning", (copy) => (copy.plan = ["a", "b"]), { once: "planning" });
    // The work never ends: what a kill in the middle leaves behind.
    void context.phase("research", () => new Promise(() => undefined), { once: "research" });
    first.close();

    using second = openStore(path);
    const again = second.context("run");
    const planning = await again.phase("planning", () => "not run", { once: "planning" });
    const research = await again.phase("research", (copy) => (copy.notes = "n"), { once: "research" });

    expect(planning).toMatchObject({ outcome: "repeated", result: ["a", "b"] });
    expect(research).toMatchObject({ outcome: "merged", result: "n" });
    expect(again.phases().map(({ name, status }) => `${name} ${status}`)).toEqual([
      "planning finished",
      "research running",
      "research finished",
    ]);
  });
});

/** Lets a child write, kills it after so many acknowledgements, and gives the greatest it was told. */
async function killAfter(path: string, lines: number): Promise<{ sequence: number; version: number }> {
  const child = startChild("write-until-killed", path);
  let output = "";
  child.stdout.on("data", (part: Buffer) => {
    output += part.toString();
    if (output.split("\n").length > lines) child.kill("SIGKILL");
  });
  await once(child, "close");
  const last = output.split("\n").slice(0, -1).at(-1) ?? "";
  const [sequence = 0, version = 0] = last.split(" ").map(Number);
  return { sequence, version };
}
