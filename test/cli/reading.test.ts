import { describe, expect, it } from "vitest";
import { openStore } from "../../src/index.js";
import { type Desk, fill, openDesk } from "./command-line.js";

describe("contexts", () => {
  it.each([
    [
      ["--id", "run-*"],
      ["run-1", "run-2"],
    ],
    [["--metadata", 'team="red"'], ["run-1"]],
    [["--metadata", 'team="red"', "--metadata", "round=2"], []],
    [["--key", "only"], ["other"]],
    [["--since", "2026-11-23T11:00Z"], ["run-2"]],
    [
      ["--before", "2026-11-23T11:00Z"],
      ["other", "run-1"],
    ],
    [["--limit", "1"], ["other"]],
    [["--after", "run-1"], ["run-2"]],
  ])("filters by %j", async (words, expected) => {
    const desk = openDesk();
    fill(desk, (context) => context.setMetadata({ team: "red", round: 1 }), { id: "run-1" });
    fill(desk, (context) => context.set("only", 1), { id: "other" });
    fill(desk, () => undefined, { id: "run-2", options: { now: () => Date.parse("2026-11-23T12:00:00Z") } });

    const { out } = await desk.run(["contexts", ...words]);

    expect(idsOf(out)).toEqual(expected);
  });
});

describe("log", () => {
  it("reads on page by page, newest last", async () => {
    const desk = openDesk();
    fillMany(desk, 1203);

    const { out } = await desk.run(["log", "run-42"]);

    expect(idsOf(out)).toEqual(Array.from({ length: 1204 }, (_, index) => String(index + 1)));
  });

  it.each([
    [
      ["-n", "2"],
      ["1203", "1204"],
    ],
    [
      ["-n", "2", "--key", "key-1"],
      ["1193", "1203"],
    ],
    [["--type", "context_created"], ["1"]],
    [["--changes", "-n", "1"], ["1204"]],
    [["-n", "0"], []],
  ])("shows what %j asks for", async (words, expected) => {
    const desk = openDesk();
    fillMany(desk, 1203);

    const { out } = await desk.run(["log", "run-42", ...words]);

    expect(idsOf(out)).toEqual(expected);
  });

  it("tells sequence, version, time, type, keys, actor and phase", async () => {
    const desk = openDesk();
    using store = openStore(desk.store, { now: () => Date.parse("2026-11-23T10:00:00Z") });
    const context = store.context("run-42");
    await context.phase(
      "research",
      (copy) => {
        copy.notes = 1;
      },
      { actor: "agent" },
    );

    const { out } = await desk.run(["log", "run-42", "--type", "phase_finished"]);

    const [line = ""] = out.split("\n");
    expect(line.split("\t").slice(1, 6)).toEqual([
      "1",
      "2026-11-23T10:00:00.000Z",
      "phase_finished",
      "notes",
      "agent",
    ]);
  });
});

describe("references", () => {
  it("name ids with @ or # in them as JSON strings", async () => {
    const desk = openDesk();
    fill(desk, (context) => context.set("a", 1), { id: "run@7#x" });

    const [present, past, written] = [
      await desk.run(["get", '"run@7#x"', "a"]),
      await desk.run(["show", '"run@7#x"@0']),
      await desk.run(["set", '"run@7#x"', "a", "2"]),
    ];

    expect([present.out, past.out, written.out]).toEqual(["1\n", "", '"run@7#x"@2\n']);
  });

  it.each(["@1", "#2", "@~1", "@2026-11-23T10:00:01Z"])("name a point: %s", async (point) => {
    const desk = openDesk();
    fill(desk, (context) => context.set("a", 1));
    fill(desk, (context) => context.set("a", 2), {
      options: { now: () => Date.parse("2026-11-23T11:00:00Z") },
    });

    expect((await desk.run(["get", `run-42${point}`, "a"])).out).toBe("1\n");
  });
});

describe("sql", () => {
  const query =
    "SELECT '=1+1' AS formula, 'a,\"b\"' AS text, 9007199254740993 AS large, x'00ff' AS blob, NULL AS empty";

  it.each([
    [[], "=1+1\ta,\"b\"\t9007199254740993\tx'00ff'\t\n"],
    [["--csv"], 'formula,text,large,blob,empty\r\n=1+1,"a,""b""",9007199254740993,x\'00ff\',\r\n'],
    [["--csv-safe"], 'formula,text,large,blob,empty\r\n\'=1+1,"a,""b""",9007199254740993,x\'00ff\',\r\n'],
  ])("writes rows with %j", async (words, expected) => {
    const desk = openDesk();
    fill(desk, () => undefined);

    expect((await desk.run(["sql", query, ...words])).out).toBe(expected);
  });

  it("reads the query from stdin, and answers one object a row with --jsonl", async () => {
    const desk = openDesk();
    fill(desk, () => undefined);

    const { out } = await desk.run(["sql", "-", "--jsonl"], { stdin: "SELECT 1 AS a UNION SELECT 2" });

    expect(out).toBe('{"a":1}\n{"a":2}\n');
  });
});

function fillMany(desk: Desk, count: number): void {
  fill(desk, (context) => {
    context.batch(() => {
      for (let index = 0; index < count; index += 1) context.set(`key-${index % 10}`, index);
    });
  });
}

/** The first column. */
function idsOf(tsv: string): string[] {
  return tsv
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t")[0]!);
}
