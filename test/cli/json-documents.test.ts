import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Desk, fill, openDesk } from "./command-line.js";

/** The command lines whose documents are kept, by the name of the file. */
const documents: Readonly<Record<string, readonly string[]>> = {
  contexts: ["contexts"],
  show: ["show", "run-42"],
  "show-past": ["show", "run-42@0"],
  log: ["log", "run-42"],
  "log-patch": ["log", "run-42", "--patch", "--since", "@1"],
  diff: ["diff", "run-42@1"],
  "diff-patch": ["diff", "run-42@1", "@3", "--patch"],
  blame: ["blame", "run-42"],
  why: ["why", "run-42", "goal"],
  graph: ["log", "run-42", "--graph"],
  changes: ["log", "run-42", "--changes"],
  bisect: ["bisect", "run-42", "--when", "data.step === 1"],
  search: ["search", "run-42", "e"],
  replay: ["replay", "run-42", "--from", "#4"],
  get: ["get", "run-42", "due"],
  set: ["set", "run-42", "step", "3"],
  "set-dry-run": ["set", "run-42", "step", "3", "--dry-run"],
  delete: ["delete", "run-42", "step"],
  "delete-context": ["delete", "run-42", "--context", "--yes"],
  merge: ["merge", "run-42", '{"goal":"x","new":1}', "--strategy", "update"],
  snapshot: ["snapshot", "run-42", "after", "--metadata", '{"round":4}'],
  snapshots: ["snapshots", "run-42"],
  pin: ["pin", "run-42", "before"],
  unpin: ["unpin", "run-42", "before"],
  restore: ["restore", "run-42@snapshot:before"],
  error: ["show", "run-43"],
  sql: [
    "sql",
    "SELECT 'a' AS text, 1.5 AS number, 9007199254740993 AS large, x'00ff' AS blob, NULL AS empty",
  ],
  fork: ["fork", "run-42@1", "twin"],
  lineage: ["lineage", "run-42"],
  verify: ["verify"],
  head: ["head", "run-42"],
  prune: ["prune", "run-42", "--before", "@2", "--drop-snapshots", "--no-archive"],
  redact: ["redact", "run-42", "plan.steps", "--reason", "why", "--yes"],
  rebuild: ["rebuild"],
  stats: ["stats"],
  "context-stats": ["stats", "run-42"],
  compact: ["compact"],
};

describe("--json", () => {
  it.each(Object.entries(documents))("keeps the shape of %s", async (name, words) => {
    const desk = openDesk();
    fillForDocuments(desk);

    const { out, err } = await desk.run([...words, "--json"]);

    await expect(normalize(out || err, desk)).toMatchFileSnapshot(
      join(import.meta.dirname, `../fixtures/cli/${name}.json`),
    );
  });

  it.each(Object.entries(documents).filter(([name]) => name !== "error"))(
    "is told of in the help of the command, member by member: %s",
    async (_, words) => {
      const desk = openDesk();
      fillForDocuments(desk);

      const { out } = await desk.run([...words, "--json"]);
      const { out: help } = await desk.run([words[0]!, "--help"]);

      const members = Object.keys(JSON.parse(out) as object);
      expect(members.filter((member) => !help.includes(`"${member}"`))).toEqual([]);
    },
  );

  it("keeps the shapes of save and load", async () => {
    const desk = openDesk();
    fillForDocuments(desk);
    const file = join(desk.folder, "run-42.jsonl");

    const saved = await desk.run(["save", file, "run-42", "--json"]);
    await desk.run(["delete", "run-42", "--context", "--yes"]);
    const loaded = await desk.run(["load", file, "--json"]);

    expect(JSON.parse(saved.out)).toEqual({ format: 1, file, contexts: 1, events: 9 });
    expect(JSON.parse(loaded.out)).toEqual({ format: 1, contexts: ["run-42"], dryRun: false });
  });

  it("keeps the shape of accept-loss", async () => {
    const desk = openDesk();
    fillForDocuments(desk);
    rmSync(`${desk.store}-anchor`);

    const { out } = await desk.run(["accept-loss", "--yes", "--json"]);
    const { out: help } = await desk.run(["accept-loss", "--help"]);

    const members = Object.keys(JSON.parse(out) as object);
    expect(members.filter((member) => !help.includes(`"${member}"`))).toEqual([]);
    await expect(normalize(out, desk)).toMatchFileSnapshot(
      join(import.meta.dirname, "../fixtures/cli/accept-loss.json"),
    );
  });

  it("keeps the shape of backup", async () => {
    const desk = openDesk();
    fillForDocuments(desk);

    const { out } = await desk.run(["backup", join(desk.folder, "copy.db"), "--json"]);
    const { out: help } = await desk.run(["backup", "--help"]);

    const members = Object.keys(JSON.parse(out) as object);
    expect(members.filter((member) => !help.includes(`"${member}"`))).toEqual([]);
    await expect(normalize(out.replace(desk.folder, "<folder>"), desk)).toMatchFileSnapshot(
      join(import.meta.dirname, "../fixtures/cli/backup.json"),
    );
  });

  it.each([
    ["contexts"],
    ["log", "a", "-n", "0"],
    ["replay", "a", "-n", "0"],
    ["snapshots", "a"],
    ["sql", "SELECT 1 AS one WHERE 0"],
  ])("says [] where there is nothing: %s", async (...words) => {
    const desk = openDesk();
    fill(desk, () => undefined, { id: "a" });

    const { out } = await desk.run([...words, "--json", ...(words[0] === "contexts" ? ["--id", "z*"] : [])]);

    expect(Object.values(JSON.parse(out) as object).at(-1)).toEqual([]);
  });

  it("streams one document an event with --jsonl", async () => {
    const desk = openDesk();
    fillForDocuments(desk);

    const { out } = await desk.run(["log", "run-42", "--jsonl", "--type", "value_set"]);

    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ format, type }) => [format, type])).toEqual([
      [1, "value_set"],
      [1, "value_set"],
    ]);
  });
});

function fillForDocuments(desk: Desk): void {
  fill(desk, (context) => {
    context.setMetadata({ team: "red" });
    context.set("goal", "ship v1", {
      protect: true,
      actor: "planner",
      cause: "run-41#3",
      tags: { trace: "t1" },
    });
    context.set("due", new Date(0));
    context.setEphemeral("progress", 50);
    context.snapshot("before", { metadata: { round: 3 } });
    context.update({ step: 1, plan: { steps: [1n] } });
    context.delete("due");
    context.update({ due: new Map([["a", NaN]]) });
  });
}

/** Ids, hashes, times and sizes differ from run to run. */
function normalize(text: string, desk: Desk): string {
  const tree: unknown = JSON.parse(
    text
      .replaceAll(desk.store, "<store>")
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<id>")
      .replace(/\b[0-9a-f]{64}\b/g, "<hash>")
      .replace(/"(takenAt|changedAt)":"[^"]*"/g, '"$1":"<time>"')
      .replace(/"(bytes|eventBytes|logBytes|derivedBytes|freeBytes|prunableBytes|freedBytes)":\d+/g, '"$1":0')
      // How old they are depends on the day.
      .replace(/("age":"\w+","events"):\d+/g, "$1:0"),
  );
  return `${JSON.stringify(tree, undefined, 2)}\n`;
}
