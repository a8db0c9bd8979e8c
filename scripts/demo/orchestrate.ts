/**
 * An orchestration in three phases that may be killed at any moment and started again by the same command:
 *
 *     node --import tsx scripts/demo/orchestrate.ts <store file> <folder to describe> <folder for results>
 *
 * All it has to remember is in one context of the store, so the next process goes on where the last one ended.
 */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openStore } from "durable-context";

/** The keys of the context and their types. There is one finding for each file of the plan. */
interface Run {
  goal: string;
  plan: string[];
  [finding: `finding:${string}`]: Finding;
  totals: { lines: number; words: number };
  report: { file: string; characters: number };
}
interface Finding {
  lines: number;
  words: number;
  contents: string[];
}

const [storeFile = "", folder = "", results = ""] = process.argv.slice(2);

using store = openStore(storeFile, { actor: `process ${process.pid}` });
// Created by the first process, found by every later one; `initial` and `protect` are for a new context only.
const ctx = store.context<Run>("describe-repository", {
  initial: { goal: "Describe the repository on one page" },
  protect: ["goal"],
});
console.log(ctx.version === 0 ? "a new run" : `going on at version ${ctx.version}`);

// A phase works on a copy of the context. What it changed there is merged when it has finished, together with its
// result. A phase that has finished under its `once` id is not run again: its result comes from the store.
const planning = await ctx.phase("planning", plan, { once: "planning" });
console.log(`planning: ${planning.result} files to read (${planning.outcome})`);

const research = await ctx.phase("research", studyAll, { once: "research" });
console.log(`research: ${research.result} findings (${research.outcome})`);
ctx.clearEphemeral();

const writing = await ctx.phase("writing", write, { once: "writing" });
console.log(`writing: ${writing.result} (${writing.outcome})`);

/** Chooses the texts at the top of the repository, and the merge strategies. */
async function plan(copy: Run): Promise<number> {
  keepDiary("planning");
  await think();
  const sources = readdirSync(join(folder, "src/core/merge")).sort();
  copy.plan = ["README.md", "LICENSE", ...sources.map((file) => `src/core/merge/${file}`)];
  return copy.plan.length;
}

async function studyAll(copy: Run): Promise<number> {
  for (const [index, file] of copy.plan.entries()) {
    if (!ctx.has(`finding:${file}`)) {
      keepDiary(`research ${file}`);
      const finding = await study(file);
      // The copy dies with its process. A finding is written to the context itself: it is safe
      // at once, and the event says in which run of the phase it was made.
      ctx.set(`finding:${file}`, finding);
      console.log(`research: ${file}`);
    }
    // Scratch data: others can watch it, but it moves no version and is in no snapshot.
    ctx.setEphemeral("progress", { done: index + 1, of: copy.plan.length });
  }
  const findings = copy.plan.flatMap((file) => ctx.get(`finding:${file}`) ?? []);
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  copy.totals = {
    lines: sum(findings.map(({ lines }) => lines)),
    words: sum(findings.map(({ words }) => words)),
  };
  return findings.length;
}

async function study(file: string): Promise<Finding> {
  await think();
  const text = readFileSync(join(folder, file), "utf8");
  const words = text.split(/\s+/).filter((word) => word !== "");
  return { lines: text.split("\n").length - 1, words: words.length, contents: contentsOf(file, text) };
}

/** Exports of a source, headings of a Markdown file; of any other text the five longest words. */
function contentsOf(file: string, text: string): string[] {
  const declared = /^export (?:(?:function|const|class|interface|type) |\{ )(\w+)/gm;
  if (file.endsWith(".ts")) return [...text.matchAll(declared)].map(([, name = ""]) => name);
  if (file.endsWith(".md")) return [...text.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);
  const words = new Set(text.toLowerCase().match(/[a-z]+/g));
  return [...words].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)).slice(0, 5);
}

/** Writing the same file again does no harm, so this phase may be killed and repeated at any point. */
async function write(copy: Run): Promise<string> {
  keepDiary("writing");
  await think();
  const { lines, words } = copy.totals;
  const rows = copy.plan.map((file) => {
    const found = copy[`finding:${file}`];
    return `| ${file} | ${found?.lines} | ${found?.words} | ${found?.contents.join(", ")} |\n`;
  });
  const summary = `# ${copy.goal}\n\n${copy.plan.length} files, ${lines} lines, ${words} words.\n\n`;
  const text = `${summary}| file | lines | words | contents |\n| --- | --- | --- | --- |\n${rows.join("")}`;
  writeFileSync(join(results, "report.md"), text);
  copy.report = { file: "report.md", characters: text.length };
  return copy.report.file;
}

/** Stands for a slow model or a slow network. */
async function think(): Promise<void> {
  await pause(250);
}

/** Notes each piece of work outside the store, so that anybody can count what was done twice. */
function keepDiary(work: string): void {
  appendFileSync(join(results, "diary.txt"), `${work}\n`);
}
