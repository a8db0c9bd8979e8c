import { describe, expect, it } from "vitest";
import { type Desk, fill, openDesk, runWords } from "./command-line.js";

const terminal = { terminal: true, columns: 60, env: { NO_COLOR: "1" } };

describe("on a terminal", () => {
  it("aligns tables under titles and cuts them to the width", async () => {
    const desk = filledDesk();

    const { out } = await desk.run(["show", "run-42"], terminal);

    expect(out.split("\n")).toEqual([
      "run-42@2  event #4  2026-11-23T10:00:00.000Z",
      "made by #3 value_set",
      "SCOPE       KEY       MARK       VALUE",
      'persistent  goal      protected  "ship v1"',
      'persistent  plan                 {"steps":["aaaaaaaaaaaaaaa…',
      "ephemeral   progress             50",
      "",
    ]);
  });

  it("counts wide characters as two columns", async () => {
    const desk = openDesk();
    fill(desk, (context) => context.update({ 鍵: "值值值", é: 1 }));

    const { out } = await desk.run(
      ["sql", "SELECT key, value FROM current_state ORDER BY key DESC"],
      terminal,
    );

    expect(out).toBe('key  value\n鍵   "值值值"\né    1\n');
  });

  it("indents documents", async () => {
    const { out } = await filledDesk().run(["get", "run-42", "goal", "--json"], terminal);

    expect(out).toContain('{\n  "format": 1,\n');
  });

  it("says so where a list is empty", async () => {
    const { out, err } = await filledDesk().run(["contexts", "--id", "z"], terminal);

    expect([out, err]).toEqual(["", "No context fits.\n"]);
  });
});

describe("colour", () => {
  it.each([
    ["a terminal", { terminal: true }, [], true],
    ["a pipe", {}, [], false],
    ["NO_COLOR", { terminal: true, env: { NO_COLOR: "1" } }, [], false],
    ["--color=never", { terminal: true }, ["--color=never"], false],
    ["--color=always for a pipe", {}, ["--color=always"], true],
    ["--color=always over NO_COLOR", { terminal: true, env: { NO_COLOR: "1" } }, ["--color", "always"], true],
  ])("heeds %s", async (_, world, words, expected) => {
    const { out } = await filledDesk().run(["log", "run-42", ...words], world);

    expect(out.includes("\u001b[")).toBe(expected);
  });
});

describe("through a pipe", () => {
  it("gives TSV without titles, one line a row, whatever is in it", async () => {
    const desk = openDesk();
    fill(desk, (context) => context.set("tab\tline\nend", "x"), { id: "run\t7" });

    const [contexts, log] = [await desk.run(["contexts"]), await desk.run(["log", "run\t7", "-n", "1"])];

    expect(contexts.out).toBe("run\\t7\t1\t2\t1\t2026-11-23T10:00:00.000Z\t{}\n");
    expect(log.out).toBe('2\t1\t2026-11-23T10:00:00.000Z\tvalue_set\t"tab\\tline\\nend"\t\t\n');
  });
});

describe("control characters", () => {
  const evil = "\u001b[2J\u009b1m\u007f\u202e\u2066\u0007";

  const raw = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

  it.each([
    ["ids", ["contexts"]],
    ["keys and values", ["show", evil]],
    ["events", ["log", evil]],
    ["changes", ["log", evil, "--changes"]],
    ["raw text", ["get", evil, evil, "--raw"]],
    ["documents", ["show", evil, "--json"]],
    ["event streams", ["log", evil, "--jsonl"]],
    ["replays", ["replay", evil]],
    ["streams of steps", ["replay", evil, "--jsonl"]],
    ["answers of SQL", ["sql", "SELECT context, key, value, actor FROM history"]],
    ["CSV", ["sql", "SELECT key FROM history", "--csv"]],
    ["titles of SQL", ["sql", `SELECT 1 AS "${evil}"`]],
    ["figures", ["stats", evil]],
    ["snapshots", ["snapshots", evil]],
    ["written keys", ["merge", evil, JSON.stringify({ [`${evil}2`]: 1 })]],
    ["references", ["set", evil, "x", "1"]],
    ["missing contexts", ["show", `${evil}!`]],
    ["missing keys", ["get", evil, `${evil}!`]],
    ["unknown commands", [evil]],
    ["unknown options", [`--${evil}`]],
    ["errors of SQL", ["sql", `SELECT "${evil}" FROM ${evil}`]],
    ["errors in documents", ["show", `${evil}!`, "--json"]],
    ["restored keys", ["restore", `${JSON.stringify(evil)}@0`, "--dry-run"]],
    ["deleted contexts", ["delete", evil, "--context", "--yes"]],
  ])("never reach a terminal raw: %s", async (_, words) => {
    const desk = openDesk();
    fill(
      desk,
      (context) => {
        context.set(evil, evil, { actor: evil });
        context.snapshot(evil, { metadata: { [evil]: evil } });
      },
      { id: evil },
    );

    const { out, err } = await desk.run(words, terminal);

    expect(`${out}${err}`).toMatch(/\\u|\\x|run/);
    expect(`${out}${err}`.split("\n").filter((line) => raw.test(line))).toEqual([]);
  });

  it("mean the same in documents", async () => {
    const desk = openDesk();
    fill(desk, (context) => context.set("k", evil));

    const { out } = await desk.run(["get", "run-42", "k"]);

    expect(JSON.parse(out)).toBe(evil);
    expect(raw.test(out.trimEnd())).toBe(false);
  });
});

describe("--help", () => {
  it("gives every command a line in the list, and an example of its own", async () => {
    const { out } = await runWords(["--help"]);
    const names = [...out.matchAll(/^ {2}([a-z][a-z-]*) (?:\[|<| )/gm)].map(([, name]) => name!);
    const own = names.filter((name) => name !== "help");

    const helps = await Promise.all(own.map((name) => runWords([name, "--help"])));

    expect(own).toHaveLength(35);
    for (const { out: help } of helps) {
      expect(help).toMatch(/Examples?:\n {2}.*durable-context/);
      expect(help).toContain("--store <file>");
    }
  });
});

function filledDesk(): Desk {
  const desk = openDesk();
  fill(desk, (context) => {
    context.set("goal", "ship v1", { protect: true, actor: "planner" });
    context.set("plan", { steps: ["a".repeat(80)] });
    context.setEphemeral("progress", 50);
  });
  return desk;
}
