import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCommand } from "../../scripts/run-command.js";
import { mkdirSync, writeFileSync } from "node:fs";
import { temporaryFolder } from "../support/sqlite-files.js";
import { parseRecordings, readRecordings } from "./recording.js";

const state = { persistent: {}, ephemeral: {}, protected: [], version: 0, snapshots: 0, changes: 0 };
const step = {
  i: 1,
  op: { op: "contains", key: "a" },
  out: { ok: true, return: false },
  state: { ...state, protected: ["session_id", "run_id", "workflow_id", "initial_task"] },
  logged: null,
  bumped: 0,
};
const recording = {
  id: "x",
  seed: 1,
  profile: "own",
  init: { session_id: "x", initial_data: null, state: step.state, logged: null },
  steps: [step],
};

describe("reading recordings", () => {
  it("says which line is none, and why", () => {
    const line = JSON.stringify(recording);

    expect(() => parseRecordings(`${line}\nnonsense\n`, "f.jsonl")).toThrow(
      "f.jsonl, line 2 is not a recording: it is not JSON.",
    );
    expect(() => parseRecordings(line.replace('"contains"', '"contain"'), "f.jsonl")).toThrow(
      /^f\.jsonl, line 1 is not a recording: steps\.0\.op/,
    );
  });

  it("keeps own keys called __proto__", () => {
    const line = JSON.stringify(recording).replace('"initial_data":null', '"initial_data":{"__proto__":1}');

    const [read] = parseRecordings(line, "f.jsonl");

    expect(Object.entries(read!.init.initial_data!)).toEqual([["__proto__", 1]]);
  });

  it("says that a folder is missing or holds none", () => {
    const folder = temporaryFolder();

    expect(() => readRecordings(join(folder, "none"))).toThrow("cannot be read");
    expect(() => readRecordings(folder)).toThrow("has no recordings");
  });
});

describe("the script", () => {
  const play = (folder: string) =>
    runCommand([process.execPath, "--import", "tsx", "scripts/conformance.ts", folder]);

  it("plays every file of any folder, and fails where something differs", async () => {
    const good = join(temporaryFolder(), "good");
    const bad = join(temporaryFolder(), "bad");
    for (const folder of [good, bad]) mkdirSync(folder);
    writeFileSync(join(good, "a.jsonl"), JSON.stringify(recording));
    writeFileSync(join(good, "b.jsonl"), JSON.stringify(recording));
    const other = { ...recording, steps: [{ ...step, out: { ok: true, return: true } }] };
    writeFileSync(join(bad, "a.jsonl"), JSON.stringify(other));

    expect(await play(good)).toBe(
      "a.jsonl: 1 sequences, 1 steps, 1 compared (1 in full), 0 differences\n" +
        "b.jsonl: 1 sequences, 1 steps, 1 compared (1 in full), 0 differences\n",
    );
    await expect(play(bad)).rejects.toThrow("a.jsonl x#1 out.return: recorded true, observed false");
    await expect(play(join(bad, "none"))).rejects.toThrow("cannot be read");
  });
});
