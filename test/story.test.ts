import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ErasedValue, openMemoryStore } from "../src/index.js";
import { type Block, blocksOf, readReadme, root } from "./support/readme.js";
import { recordStory } from "./support/story-run.js";

const fixture = join(root, "test/fixtures/story/run-77.jsonl");
const blocks = blocksOf(readReadme()).filter(({ heading }) => heading === "A run went wrong: find out why");
const steps = blocks
  .map((block, index) => ({ block, told: toldAfter(blocks[index + 1]) }))
  .filter(({ block }) => block.info === "sh");

describe("README's story", () => {
  const recorded = join(mkdtempSync(join(tmpdir(), "durable-context-story-")), "run-77.jsonl");
  let guilty = "";
  beforeAll(async () => {
    guilty = await recordStory(recorded);
    return () => rmSync(join(recorded, ".."), { recursive: true });
  });

  it("is told of what its recorder records", () => {
    expect(factsOf(fixture)).toEqual(factsOf(recorded));
  });

  it("shows what the commands say, line by line", () => {
    const tell = openFolder();

    const said = steps.map(({ block }) => ({ line: block.line, ...tell(block.code) }));

    steps.forEach(({ told }, index) => {
      const { line, out, err } = said[index]!;
      expect(err, `README.md:${line}`).toBe("");
      if (told !== undefined) expect(abridge(out, told), `README.md:${line}`).toEqual(told);
    });
  });

  it("comes by five commands to the event that was at fault", () => {
    const commands = steps.filter(({ told }) => told !== undefined);
    const [context = "", sequence = ""] = guilty.split("#");

    const last = commands.at(-1)!;

    expect(commands).toHaveLength(5);
    expect(last.block.code).toContain(`durable-context log ${context} `);
    expect(last.told?.filter((line) => line.startsWith("#")).at(-1)).toMatch(new RegExp(`^#${sequence} `));
  });

  it("goes on from before the fault had come into the run", () => {
    const [, fork = ""] = /`(durable-context fork [^`]+)`/.exec(readReadme()) ?? [];
    const tell = openFolder();
    tell(steps[0]!.block.code);

    const { err } = tell(fork);

    expect(err).toBe("");
    expect(tell("durable-context get run-77 offers").out).toContain("1.249");
    const { out } = tell("durable-context get run-77-fixed offers");
    expect(out).toContain("1180");
    expect(out).not.toContain("1.249");
  });
});

function toldAfter(block: Block | undefined): readonly string[] | undefined {
  return block?.info === "text" ? block.code.split("\n") : undefined;
}

/** What happened, without the ids, salts and hashes that are others at each recording. */
function factsOf(file: string): unknown {
  using store = openMemoryStore();
  return store.load(file).map((id) => {
    const events = store.find(id)?.history() ?? [];
    return events.map(({ sequence, version, type, actor, cause, at, effects }) => {
      const values = effects
        .filter(({ scope }) => scope !== "snapshot")
        // Of a value that went with its key, only a digest is left, which its salt makes another at each recording.
        .map((effect) => (effect.value instanceof ErasedValue ? { ...effect, value: "(erased)" } : effect));
      return { id, sequence, version, type, actor, cause, at, values };
    });
  });
}

/** Puts the recorded run and the command into a new folder, and gives what types into its terminal. */
function openFolder(): (commands: string) => { out: string; err: string } {
  const folder = mkdtempSync(join(tmpdir(), "durable-context-story-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  copyFileSync(fixture, join(folder, "run-77.jsonl"));
  const bin = join(folder, "bin");
  mkdirSync(bin);
  // The command itself, which finds a terminal 100 columns wide.
  const terminal = "data:text/javascript,Object.assign(process.stdout,{isTTY:true,columns:100})";
  const main = join(root, "dist/cli/main.js");
  const command = `#!/bin/sh\nexec "${process.execPath}" --import "${terminal}" "${main}" "$@"\n`;
  writeFileSync(join(bin, "durable-context"), command);
  chmodSync(join(bin, "durable-context"), 0o755);
  const PATH = [bin, process.env.PATH].join(delimiter);
  let typed = "";
  return (commands) => {
    const env = { ...process.env, PATH, NO_COLOR: "1" };
    // What was exported before holds on, as in one shell.
    const input = `${typed}\n${commands}`;
    typed += commands.match(/^export .*$/gm)?.join("\n") ?? "";
    const { stdout, stderr } = spawnSync("sh", ["-e"], { cwd: folder, encoding: "utf8", env, input });
    return { out: stdout, err: stderr };
  };
}

/** Leaves the lines out that README leaves out, if what it shows stands between them. */
function abridge(out: string, told: readonly string[]): readonly string[] {
  const lines = out.trimEnd().split("\n");
  const shown: string[] = [];
  told.forEach((line, index) => {
    if (line !== "…") return shown.push(lines.shift() ?? "");
    const next = told[index + 1];
    const end = next === undefined ? lines.length : lines.indexOf(next);
    if (end > 0) shown.push(line);
    lines.splice(0, Math.max(end, 0));
  });
  return [...shown, ...lines];
}
