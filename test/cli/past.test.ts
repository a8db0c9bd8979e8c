import { describe, expect, it } from "vitest";
import { applyJsonPatch, type JsonPatchOperation } from "../../src/index.js";
import { Money, moneyClass } from "../support/money.js";
import { type Desk, fill, openDesk } from "./command-line.js";

describe("diff", () => {
  it.each([
    [["run-42@1"], ['~ plan.steps[0].task: "a" → "b"', "+ n: 1"]],
    [["run-42@1", "@2"], ['~ plan.steps[0].task: "a" → "b"']],
    [["run-42@2", "run-42@1"], ['~ plan.steps[0].task: "b" → "a"']],
    [
      ["run-42", "other"],
      ['- plan: {"steps":[{"task":"b"}]}', "~ n: 1 → 2"],
    ],
    [["run-42#4", "#4"], []],
  ])("tells line by line what %j have not in common", async (words, expected) => {
    const { out } = await filledDesk().run(["diff", ...words]);

    expect(linesOf(out)).toEqual(expected);
  });

  it("answers with a JSON Patch that others can apply, and with both in one document", async () => {
    const desk = filledDesk();

    const { out } = await desk.run(["diff", "run-42@1", "--patch"]);
    const { out: document } = await desk.run(["diff", "run-42@1", "--patch", "--json"]);

    const patch = JSON.parse(out) as JsonPatchOperation[];
    const before = { plan: { steps: [{ task: "a" }] } };
    expect(applyJsonPatch(patch, before)).toEqual({ plan: { steps: [{ task: "b" }] }, n: 1 });
    expect((JSON.parse(document) as { patch: unknown }).patch).toEqual(patch);
  });

  it("ends with 6 for a difference where that was asked for", async () => {
    const desk = filledDesk();

    expect((await desk.run(["diff", "run-42@1", "--exit-code"])).code).toBe(6);
    expect((await desk.run(["diff", "run-42@~0", "--exit-code"])).code).toBe(0);
    expect((await desk.run(["diff", "run-42@1"])).code).toBe(0);
  });

  it("refuses to compare the present with itself, and says what is not there", async () => {
    const desk = filledDesk();

    const alone = await desk.run(["diff", "run-42"]);

    expect([alone.code, alone.err]).toEqual([2, expect.stringContaining("run-42@~1")]);
    expect((await desk.run(["diff", "run-42@1", "run-43"])).code).toBe(3);
    expect((await desk.run(["diff", "run-42@99"])).code).toBe(3);
  });

  it("compares instances of classes that it does not know", async () => {
    const desk = openDesk();
    const options = { classes: [moneyClass] };
    fill(desk, (context) => context.set("price", { net: new Money(1), tax: new Money(2) }), { options });
    fill(desk, (context) => context.set("price", { net: new Money(1), tax: new Money(3) }), { options });

    const { out } = await desk.run(["diff", "run-42@1", "--json"]);
    const { out: patch } = await desk.run(["diff", "run-42@1", "--patch"]);

    const { changes } = JSON.parse(out) as { changes: { path: unknown }[] };
    expect(changes.map(({ path }) => path)).toEqual([["price", "tax"]]);
    expect(patch).toContain("Money");
  });
});

describe("show", () => {
  it("tells on a terminal which event made the version", async () => {
    const { out } = await filledDesk().run(["show", "run-42@2"], { terminal: true, env: { NO_COLOR: "1" } });

    expect(linesOf(out)[1]).toBe("made by #3 value_set  by bob  because of run-42#2");
  });
});

describe("blame", () => {
  it.each([
    [["run-42"], ['#3 bob plan.steps[0].task "b"', "#4  n 1"]],
    [["run-42@1"], ['#2 ada plan.steps[0].task "a"']],
    [["run-42", "plan"], ['#3 bob plan.steps[0].task "b"']],
  ])("names the event behind each part of %j", async (words, expected) => {
    const { out } = await filledDesk().run(["blame", ...words]);

    const rows = linesOf(out).map((line) => line.split("\t"));
    expect(rows.map(([event, , , , actor, , path, value]) => [event, actor, path, value].join(" "))).toEqual(
      expected,
    );
  });

  it.each([
    ["nothing is there", ["plan.none"], 3],
    ["the path is none", ["plan["], 2],
  ])("says where %s", async (_, words, code) => {
    expect((await filledDesk().run(["blame", "run-42", ...words])).code).toBe(code);
  });
});

describe("why", () => {
  it("follows the causes of a key", async () => {
    const desk = filledDesk();

    const { out } = await desk.run(["why", "run-42", "plan"]);

    const rows = linesOf(out).map((line) => line.split("\t"));
    expect(rows.map(([event, , type, actor, leads, cause]) => [event, type, actor, leads, cause])).toEqual([
      ["run-42#3", "value_set", "bob", "event", "run-42#2"],
      ["run-42#2", "value_set", "ada", "text", "a wish"],
    ]);
    expect((await desk.run(["why", "run-42", "none"])).code).toBe(3);
  });
});

describe("log", () => {
  it.each([
    [["--actor", "ada"], ["2"]],
    [["--cause", "run-42#2"], ["3"]],
    [
      ["--path", "plan.steps[0].task"],
      ["2", "3"],
    ],
    [["--since", "1", "--until", "@2"], ["3"]],
    [["--until", "2026-11-23T10:00:00Z", "-n", "1"], ["5"]],
    [["--since", "#4"], ["5"]],
    [["--phase", "none"], []],
  ])("shows the events that fit %j", async (words, expected) => {
    const { out } = await filledDesk().run(["log", "run-42", ...words]);

    expect(linesOf(out).map((line) => line.split("\t")[0])).toEqual(expected);
  });

  it("shows below each event what it changed", async () => {
    const desk = filledDesk();
    fill(desk, () => undefined, { id: "begun", options: {} });

    const { out } = await desk.run(["log", "run-42", "-p"]);

    expect(linesOf(out).map((line) => line.split("\t")[0])).toEqual([
      "1",
      "2",
      '    + plan: {"steps":[{"task":"a"}]}',
      "3",
      '    ~ plan.steps[0].task: "a" → "b"',
      "4",
      "    + n: 1",
      "5",
    ]);
  });

  it("refuses points and filters that make no sense", async () => {
    const desk = filledDesk();

    expect((await desk.run(["log", "run-42", "--since", "noon"])).code).toBe(2);
    expect((await desk.run(["log", "run-42", "--since", "99"])).code).toBe(3);
    expect((await desk.run(["log", "run-42", "--changes", "--actor", "a"])).code).toBe(2);
    expect((await desk.run(["log", "run-42", "--path", "a["])).code).toBe(2);
  });
});

it("lets no control character of a value, a cause or a path reach the terminal", async () => {
  const desk = openDesk();
  const hostile = "\u001b[2J\u0007";
  fill(desk, (context) => context.set(`a${hostile}`, hostile, { cause: hostile, actor: hostile }));

  for (const words of [
    ["diff", "run-42@0"],
    ["diff", "run-42@0", "--patch"],
    ["blame", "run-42"],
    ["why", "run-42", `a${hostile}`],
    ["log", "run-42", "-p"],
    ["show", "run-42"],
  ]) {
    const { code, out } = await desk.run(words, { terminal: true, env: { NO_COLOR: "1" } });

    expect([code, words, /[\u0000-\u0009\u000b-\u001f]/.test(out)]).toEqual([0, words, false]);
  }
});

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function filledDesk(): Desk {
  const desk = openDesk();
  fill(desk, (context) => {
    context.set("plan", { steps: [{ task: "a" }] }, { actor: "ada", cause: "a wish" });
    context.set("plan", { steps: [{ task: "b" }] }, { actor: "bob", cause: "run-42#2" });
    context.set("n", 1);
    context.setEphemeral("progress", 50);
  });
  fill(desk, (context) => context.set("n", 2), { id: "other" });
  return desk;
}
