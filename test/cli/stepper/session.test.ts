import { describe, expect, it } from "vitest";
import { openStore } from "../../../src/index.js";
import { Money, moneyClass } from "../../support/money.js";
import { type Desk, fill, openDesk } from "../command-line.js";
import { openSession } from "./terminal.js";

const escape = "\u001b";
const keys = { right: `${escape}[C`, left: `${escape}[D`, pageUp: `${escape}[5~`, home: `${escape}[H` };

describe("replay on a terminal", () => {
  it("begins at the newest event and tells what it changed, and who did it", async () => {
    const { rows } = await openSession(filledDesk(), ["replay", "run-42"], { columns: 60, rows: 12 });

    expect(rows()).toEqual([
      "run-42  event #7 of 7  version 3",
      "2026-11-23T10:00:00.000Z  values_updated  by planner",
      "cause run-41#3  trace t1  ",
      "#1 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━● #7",
      "── what changed ────────────────────────────────────────────",
      "~ step: 1 → 2",
      '+ plan.steps[0]: "think"',
      "",
      'details {"keys":["step","plan"],"count":2,"skippedProtected"',
      '    :0,"skipped":[]}',
      "",
      "← → step   ? help   q quit   : jump   / filter   d diff or …",
    ]);
  });

  it("steps by arrows and other keys, and says so at the ends", async () => {
    const { press } = await openSession(filledDesk(), ["replay", "run-42"]);

    expect((await press(keys.left))[0]).toContain("event #6 of 7");
    expect((await press("h"))[0]).toContain("event #5 of 7");
    expect((await press(`${keys.right} `))[0]).toContain("event #7 of 7");
    expect((await press("l")).at(-1)).toBe("This is the last event.");
    expect((await press(keys.pageUp))[0]).toContain("event #1 of 7");
    expect((await press("\r\n"))[0]).toContain("event #3 of 7");
    expect((await press(keys.home))[0]).toContain("event #1 of 7");
    expect((await press("G"))[0]).toContain("event #7 of 7");
  });

  it("marks what is ephemeral, and shows the state with what changed in it", async () => {
    const { press } = await openSession(filledDesk(), ["replay", "run-42#5"]);

    expect((await press("l"))[5]).toBe("~ progress (ephemeral): 10 → 50");
    expect((await press("dl")).slice(4, 9)).toEqual([
      `── state ${"─".repeat(71)}`,
      '  goal: "ship v1"',
      '~ plan: {"steps":["think","write"]}',
      "~ step: 2",
      "",
    ]);
  });

  it.each([
    ["2", "event #3 of 7  version 2"],
    ["@0", "event #1 of 7  version 0"],
    ["#5", "event #5 of 7"],
    ["@~2", "event #2 of 7  version 1"],
    ["@latest", "event #7 of 7"],
    ["snapshot:before", "event #4 of 7"],
    ["2026-11-23", "event #1 of 7"],
  ])("jumps to %s", async (point, expected) => {
    const { press } = await openSession(filledDesk(), ["replay", "run-42#6"]);

    await press(`:${point}`);

    expect((await press("\r"))[0]).toContain(expected);
  });

  it.each([
    ["@99", 'Context "run-42" has nothing at @99.'],
    ["#99", 'Context "run-42" has nothing at #99.'],
    ["snapshot:none", 'Context "run-42" has nothing at @snapshot:none.'],
    ["soon", 'Address "@soon"'],
    ["@", 'Address "@"'],
  ])("says why it cannot jump to %s, and stays", async (point, expected) => {
    const { press } = await openSession(filledDesk(), ["replay", "run-42#6"]);

    const rows = await press(`:${point}\r`);

    expect(rows[0]).toContain("event #6 of 7");
    expect(rows.join("\n")).toContain(expected);
  });

  it("goes among the events that a filter lets through, until it is cleared", async () => {
    const { press } = await openSession(filledDesk(), ["replay", "run-42"]);

    expect((await press("/key:step\r"))[0]).toContain("event #7 of 7  version 3  filter key:step");
    expect((await press("h"))[0]).toContain("event #3 of 7");
    expect((await press("N")).at(-1)).toBe("No further event fits key:step.");
    expect((await press("n"))[0]).toContain("event #7 of 7");
    expect((await press("/type:value_set actor:nobody\r")).at(-1)).toBe(
      "No event fits type:value_set actor:nobody.",
    );
    expect((await press("/PLAN\r"))[0]).toContain("event #7 of 7  version 3  filter PLAN");
    expect((await press("g"))[0]).toContain("event #2 of 7");
    expect((await press(":#4\r"))[0]).toContain("event #4 of 7  version 2  filter PLAN (not this one)");
    expect((await press("/\r"))[0]).toBe("run-42  event #4 of 7  version 2");
  });

  it("takes filters and the place to begin at from the command line", async () => {
    const words = ["replay", "run-42#3", "--key", "step", "--from", "#2", "--to", "#6"];

    const { rows, press } = await openSession(filledDesk(), words);

    expect(rows()[0]).toBe("run-42  event #3 of 6  version 2  filter key:step");
    expect((await press("n")).at(-1)).toBe("No further event fits key:step.");
    expect((await press(":#1\r")).at(-1)).toBe("Event #1 is not among those replayed, #2 to #6.");
  });

  it("begins at the newest event that fits", async () => {
    const { rows } = await openSession(filledDesk(), ["replay", "run-42", "--type", "ephemeral_set"]);

    expect(rows()[0]).toBe("run-42  event #6 of 7  version 2  filter type:ephemeral_set");
  });

  it("leaves events out", async () => {
    const { press } = await openSession(filledDesk(), ["replay", "run-42", "--skip", "3"]);

    expect((await press("h"))[5]).toBe("~ progress (ephemeral): 10 → 50");
    expect((await press("l"))[6]).toBe("+ step: 2");
    expect((await press(":#3\r"))[5]).toBe("Left out: what comes later meets a state without it.");
    expect((await press("d")).slice(5, 8)).toEqual(['  goal: "ship v1"', '  plan: {"steps":["write"]}', ""]);
  });

  it("takes in what others write meanwhile", async () => {
    const desk = filledDesk();
    const { press } = await openSession(desk, ["replay", "run-42"]);
    fill(desk, (context) => context.set("late", true));

    expect((await press("l"))[0]).toContain("event #8 of 8");
  });

  it("scrolls no further than the last line", async () => {
    const desk = openDesk();
    fill(desk, (context) => context.update(Object.fromEntries(Array.from("abcdefghij", (key) => [key, 1]))));
    const { press } = await openSession(desk, ["replay", "run-42"], { rows: 14 });

    const rows = await press("jjjjjjjjjjjjjjjjjjjk");

    expect(rows.slice(4, 7)).toEqual([
      expect.stringContaining("── what changed from line 6 ──"),
      "+ f: 1",
      "+ g: 1",
    ]);
  });

  it("draws anew in another size", async () => {
    const { resize } = await openSession(filledDesk(), ["replay", "run-42"]);

    const rows = await resize({ columns: 20, rows: 6 });

    expect(rows).toEqual([
      "run-42  event #7 of…",
      "2026-11-23T10:00:00…",
      "~ step: 1 → 2",
      "+ plan.steps[0]: ",
      '    "think"',
      "← → step   ? help  …",
    ]);
  });

  it("closes its help by any key", async () => {
    const { press } = await openSession(filledDesk(), ["replay", "run-42"], { rows: 30 });

    const help = await press("?");
    const after = await press("q");

    expect(help.join("\n")).toMatch(/right {2}l {2}space {2}enter +the next event/);
    expect(after[5]).toBe("~ step: 1 → 2");
  });

  it("learns of classes that only the owner's program knows, and stays where it is", async () => {
    const desk = filledDesk();
    fill(desk, (context) => context.set("price", new Money(5)), { options: { classes: [moneyClass] } });
    fill(desk, (context) => context.set("late", 1), { options: { classes: [moneyClass] } });
    const { press } = await openSession(desk, ["replay", "run-42#1"]);

    const rows = await press(":#8\r");

    expect([rows[0], rows[5]]).toEqual([
      "run-42  event #8 of 9  version 4",
      '+ price: {"$type":"class","name":"Money","value":5}',
    ]);
  });
});

describe("the end of a replay on a terminal", () => {
  const left = `${escape}[0m${escape}[?25h${escape}[?7h${escape}[?1049l`;

  it.each([
    ["q", "q", 0],
    ["Escape", escape, 0],
    ["Ctrl-C", "\u0003", 130],
    ["Ctrl-C while something is typed", ":17\u0003", 130],
  ])("gives the terminal back: %s", async (_, typed, code) => {
    const session = await openSession(filledDesk(), ["replay", "run-42"]);

    void session.press(typed);

    expect(await session.ended).toBe(code);
    expect(session.written().endsWith(left)).toBe(true);
    expect(session.modes).toEqual(["guarded", "raw", "cooked", "unguarded"]);
  });

  it("comes when the terminal goes away", async () => {
    const session = await openSession(filledDesk(), ["replay", "run-42"]);

    session.hangUp();

    expect(await session.ended).toBe(0);
  });

  it("comes with the error that the context was deleted, told on the first screen", async () => {
    const desk = filledDesk();
    const session = await openSession(desk, ["replay", "run-42"]);
    using store = openStore(desk.store);
    store.delete("run-42");

    void session.press("h");

    expect(await session.ended).toBe(3);
    expect(session.written().split(left)[1]).toContain("was deleted");
  });

  it("comes at once, on the first screen, where there is nothing to replay", async () => {
    const desk = filledDesk();

    const ended = await desk.run(["replay", "run-42", "--from", "#7", "--to", "#6"], { terminal: true });

    expect([ended.code, ended.out, ended.err]).toEqual([0, "", "No event fits.\n"]);
  });
});

describe("colour in a replay", () => {
  it("is there, and is left out with NO_COLOR", async () => {
    const colored = await openSession(filledDesk(), ["replay", "run-42"], { color: true });
    const plain = await openSession(filledDesk(), ["replay", "run-42"]);

    expect(colored.rows()[5]).toBe(
      `${escape}[33m~ step: ${escape}[39m${escape}[31m1${escape}[39m → ${escape}[32m2${escape}[39m`,
    );
    expect(plain.rows()[5]).toBe("~ step: 1 → 2");
  });
});

function filledDesk(): Desk {
  const desk = openDesk();
  fill(desk, (context) => {
    context.update({ goal: "ship v1", plan: { steps: ["write"] } });
    context.set("step", 1, { actor: "planner" });
    context.snapshot("before");
    context.setEphemeral("progress", 10);
    context.setEphemeral("progress", 50);
    context.update(
      { step: 2, plan: { steps: ["think", "write"] } },
      { actor: "planner", cause: "run-41#3", tags: { trace: "t1" } },
    );
  });
  return desk;
}
