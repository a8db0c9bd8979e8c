import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openStore } from "durable-context";
import { verify } from "../scripts/demo/verify.js";

const root = resolve(import.meta.dirname, "..");

it("is killed, goes on in a new process, and shows what it checked", () => {
  const results = temporaryFolder();

  const { status, stdout, stderr } = runDemo(results);

  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(/planning: \d+ files to read \(merged\)/);
  expect(stdout).toMatch(/planning: \d+ files to read \(repeated\)/);
  expect(stdout).toMatch(/killed; in the store: version \d+, \d+ findings, progress \{"done":\d+,"of":\d+\}/);
  expect(stdout).toMatch(/research {2}running {3}\S+ {2}-\n {3}research {2}finished/);
  expect(stdout).toMatch(
    /process \d+ {2,}running {3}\d {2,}\S+Z {2}\S+Z\n {3}process \d+ {2,}finished {2}\d {2,}/,
  );
  expect(stdout.match(/^ {3}ok {2}/gm)).toHaveLength(8);
  expect(stdout).toContain("All of it held.");
  expect(stdout).not.toContain("\u001b");
  expect(stdout.split("\n").length).toBeLessThan(90);
});

it("ends with 1 and says what is wrong where the work was done twice", () => {
  const results = temporaryFolder();
  writeFileSync(join(results, "diary.txt"), "planning\n");

  const { status, stdout, stderr } = runDemo(results);

  expect(status).toBe(1);
  expect(stderr).toContain("FAILED: planning was worked on once");
  expect(stdout).not.toContain("All of it held.");
});

it("does not hold of a run that nobody killed, or of another report", () => {
  const results = temporaryFolder();
  const storeFile = join(results, "store.db");
  run(["scripts/demo/orchestrate.ts", storeFile, root, results]);
  appendFileSync(join(results, "report.md"), "\n");
  using store = openStore(storeFile, { create: false });
  const evidence = { store, results, folder: root, killedBy: null, foundBeforeKill: [] };

  const problems = verify({ ...evidence, say: () => undefined });

  expect(problems.map((problem) => problem.split(" ").slice(0, 3).join(" "))).toEqual([
    "the first process",
    "research was started",
    "the report says",
  ]);
});

function runDemo(results: string): ReturnType<typeof run> {
  return run(["scripts/demo/demo.ts", results]);
}

function run(script: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["--import", "tsx", ...script], { cwd: root, encoding: "utf8" });
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "durable-context-demo-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
