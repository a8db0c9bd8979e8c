import { describe, expect, it } from "vitest";
import { type Desk, fill, openDesk } from "./command-line.js";

describe("replay elsewhere than on a terminal", () => {
  it("gives each event as a line of the log, and what it changed below", async () => {
    const { out } = await filledDesk().run(["replay", "run-42"]);

    expect(out.split("\n")).toEqual([
      "1\t0\t2026-11-23T10:00:00.000Z\tcontext_created\t\t\t",
      '  * set context name: "run-42"',
      "2\t1\t2026-11-23T10:00:01.000Z\tvalues_updated\tgoal,plan\tada\t",
      '  + goal: "ship"',
      '  + plan: {"steps":["write"]}',
      "3\t1\t2026-11-23T10:00:02.000Z\tephemeral_set\tprogress\t\t",
      "  + progress (ephemeral): 1",
      "4\t1\t2026-11-23T10:00:03.000Z\tkey_protected\tgoal\t\t",
      "  * protect goal",
      "5\t2\t2026-11-23T10:00:04.000Z\tvalue_set\tplan\tbob\t",
      '  + plan.steps[0]: "think"',
      "6\t3\t2026-11-23T10:00:05.000Z\tvalue_deleted\tplan\t\t",
      '  - plan: {"steps":["think","write"]}',
      "",
    ]);
  });

  it("aligns it where only the answer goes to a terminal", async () => {
    const world = { terminal: true, env: { NO_COLOR: "1" } };

    const { out } = await filledDesk().run(["replay", "run-42", "--from", "#5", "--to", "#5"], world);

    expect(out).toBe(
      '#5    @2    2026-11-23T10:00:04.000Z  value_set         plan  by bob\n  + plan.steps[0]: "think"\n',
    );
  });

  it.each([
    [["run-42@1"], [1, 2, 3, 4]],
    [
      ["run-42#3", "--from", "#2"],
      [2, 3],
    ],
    [
      ["run-42", "--to", "@1"],
      [1, 2, 3, 4],
    ],
    [
      ["run-42", "--from", "@1", "--to", "1"],
      [2, 3, 4],
    ],
    [
      ["run-42", "--from", "@~1"],
      [5, 6],
    ],
    [["run-42", "--from", "@0", "--to", "#1"], [1]],
    [
      ["run-42", "--from", "2026-11-23T10:00:04Z"],
      [5, 6],
    ],
    [
      ["run-42", "--from", "2026-11-23"],
      [1, 2, 3, 4, 5, 6],
    ],
    [
      ["run-42", "--to", "2026-11-23T10:00:01Z"],
      [1, 2],
    ],
    [["run-42", "--from", "@latest"], [6]],
    [["run-42", "--from", "#5", "--to", "#2"], []],
    [
      ["run-42", "--key", "plan"],
      [2, 5, 6],
    ],
    [
      ["run-42", "--key", "goal"],
      [2, 4],
    ],
    [["run-42", "--type", "value_set"], [5]],
    [["run-42", "--actor", "ada"], [2]],
    [["run-42", "--actor", "ada", "--type", "value_set"], []],
    [
      ["run-42", "-n", "2"],
      [5, 6],
    ],
    [
      ["run-42", "-n", "2", "--key", "plan", "--to", "#5"],
      [2, 5],
    ],
    [
      ["run-42", "-n", "99"],
      [1, 2, 3, 4, 5, 6],
    ],
    [["run-42", "-n", "0"], []],
  ])("replays what was asked for: %j", async (words, expected) => {
    const { out } = await filledDesk().run(["replay", ...words, "--jsonl"]);

    const steps = out.split("\n").filter((line) => line !== "");
    expect(steps.map((line) => (JSON.parse(line) as { event: { sequence: number } }).event.sequence)).toEqual(
      expected,
    );
  });

  it("tells what would be without an event, or several", async () => {
    const desk = filledDesk();

    const one = await desk.run(["replay", "run-42", "--from", "#2", "--skip", "2"]);
    const two = await desk.run([
      "replay",
      "run-42",
      "--skip",
      "2",
      "--skip",
      "5",
      "--key",
      "plan",
      "--jsonl",
    ]);

    expect(one.out.split("\n").filter((line) => line.startsWith("  "))).toEqual([
      "  Left out: what comes later meets a state without it.",
      "  + progress (ephemeral): 1",
      "  * protect goal",
      '  + plan: {"steps":["think","write"]}',
      '  - plan: {"steps":["think","write"]}',
    ]);
    const steps = two.out.trimEnd().split("\n");
    expect(steps.map((line) => JSON.parse(line) as object)).toMatchObject([
      { event: { sequence: 2 }, skipped: true, changed: [] },
      { event: { sequence: 5 }, skipped: true, changed: [] },
      { event: { sequence: 6 }, skipped: false, changed: [] },
    ]);
  });

  it("goes through a history of many pages, and the newest of it, without a gap", async () => {
    const desk = openDesk();
    fill(desk, (context) => {
      context.batch(() => {
        for (let n = 0; n < 2000; n += 1) context.set("n", n);
      });
    });

    const all = await desk.run(["replay", "run-42", "--jsonl"]);
    const newest = await desk.run(["replay", "run-42", "-n", "1500", "--jsonl"]);

    const lines = all.out.trimEnd().split("\n");
    expect(lines).toHaveLength(2001);
    expect(JSON.parse(lines[1001]!)).toMatchObject({ changed: [{ before: 999, after: 1000 }] });
    expect(newest.out.trimEnd().split("\n")).toEqual(lines.slice(-1500));
  });

  it.each<[readonly string[], number, string]>([
    [["run-43"], 3, 'Context "run-43" does not exist'],
    [["run-42", "--from", "@99"], 3, "has nothing at @99"],
    [["run-42", "--to", "soon"], 2, "no point such as @17"],
    [["run-42@snapshot:none"], 3, "has nothing at @snapshot:none"],
    [["run-42", "-n", "few"], 2, "not a whole number"],
    [["run-42", "--skip", "@2"], 2, "not a whole number"],
    [["run-42", "--json", "--jsonl"], 2, "cannot be streamed"],
  ])("says what is wrong: %j", async (words, code, expected) => {
    const ended = await filledDesk().run(["replay", ...words]);

    expect([ended.code, ended.out]).toEqual([code, ""]);
    expect(ended.err).toContain(expected);
  });
});

/** One event a second. */
function filledDesk(): Desk {
  const desk = openDesk();
  let now = Date.parse("2026-11-23T10:00:00Z");
  const work: Parameters<typeof fill>[1] = (context) => {
    const commands = [
      () => context.update({ goal: "ship", plan: { steps: ["write"] } }, { actor: "ada" }),
      () => context.setEphemeral("progress", 1),
      () => context.protect("goal"),
      () => context.set("plan", { steps: ["think", "write"] }, { actor: "bob" }),
      () => context.delete("plan"),
    ];
    for (const command of commands) {
      now += 1000;
      command();
    }
  };
  fill(desk, work, { options: { now: () => now, protect: [] } });
  return desk;
}
