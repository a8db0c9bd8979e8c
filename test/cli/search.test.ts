import { describe, expect, it } from "vitest";
import { type Desk, fill, openDesk } from "./command-line.js";

const time = "2026-11-23T10:00:00.000Z";

describe("search", () => {
  it("tells where a text is, and which event wrote it", async () => {
    const { code, out } = await filledDesk().run(["search", "run-42", "budget"]);

    const rows = [
      ["run-42", "3", "2", time, "planner", "persistent", "value", "plan.steps[1]", "ask for a budget"],
      ["run-42", "4", "3", time, "", "persistent", "key", "budget", "budget"],
    ];
    expect(code).toBe(0);
    expect(out).toBe(rows.map((row) => `${row.join("\t")}\n`).join(""));
  });

  it.each([
    [["budget"], ["run-42 3 plan.steps[1]", "run-42 4 budget", "run-43 2 budget"]],
    [["run-42", "budget", "--keys"], ["run-42 4 budget"]],
    [["run-42", "budget", "--values"], ["run-42 3 plan.steps[1]"]],
    [["run-42", "BUDGET"], []],
    [["run-42", "BUDGET", "-i", "-n", "1"], ["run-42 3 plan.steps[1]"]],
    [["run-42", "A.K", "-i"], []],
    [["run-42", "^b.*t$", "--regexp"], ["run-42 4 budget"]],
    [["run-42", "^B.*t$", "--regexp", "-i"], ["run-42 4 budget"]],
    [
      ["run-42", "rest", "--history"],
      ["run-42 2 plan.steps[0]", "run-42 5 draft"],
    ],
    [["run-42", "rest", "--history", "--since", "@1"], ["run-42 5 draft"]],
    [["run-42", "rest", "--history", "--until", "#3"], ["run-42 2 plan.steps[0]"]],
    [["rest", "--history", "--since", "2026-11-23T10:00Z"], []],
    [["rest", "--history", "--until", "2026-11-23T10:00Z", "-n", "1"], ["run-42 2 plan.steps[0]"]],
  ])("finds what %j asks for", async (words, expected) => {
    const { code, out } = await filledDesk().run(["search", ...words]);

    const places = out
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split("\t"))
      .map(([context, sequence, , , , , , path]) => `${context} ${sequence} ${path}`);
    expect(code).toBe(0);
    expect(places).toEqual(expected);
  });

  it("exits with 6 where something was found, if asked to", async () => {
    const desk = filledDesk();

    expect(await desk.run(["search", "rest", "--history", "--exit-code", "-n", "1"])).toMatchObject({
      code: 6,
    });
    expect(await desk.run(["search", "nowhere", "--exit-code"])).toMatchObject({ code: 0, out: "" });
  });

  it("gives one document a hit with --jsonl", async () => {
    const { out } = await filledDesk().run(["search", "budget", "--jsonl"]);

    const lines = out.trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { format: number }).format)).toEqual([1, 1, 1]);
  });

  it("says on a terminal where nothing is, and shows of a long text what lies around the match", async () => {
    const desk = openDesk();
    fill(desk, (context) => context.set("long", `${"a".repeat(5000)}needle${"b".repeat(5000)}`));

    const world = { terminal: true, columns: 400, env: { NO_COLOR: "1" } };
    const [found, nothing] = [
      await desk.run(["search", "needle"], world),
      await desk.run(["search", "pin"], world),
    ];

    expect(found.out).toContain(`run-42#2  ${time}         long  …${"a".repeat(20)}needle${"b".repeat(94)}…`);
    expect(nothing).toMatchObject({ out: "", err: "Nothing was found.\n" });
  });

  it("never gives a terminal a control character as it is", async () => {
    const desk = openDesk();
    const evil = "\u001b[2J\u202e\u0007evil";
    fill(desk, (context) => context.set(evil, { [evil]: evil }), { id: `run${evil}` });

    for (const world of [{ terminal: true, columns: 300 }, {}]) {
      for (const words of [["evil"], ["evil", "--history"], ["evil", "--json"], ["evil", "--jsonl"]]) {
        const { out } = await desk.run(["search", ...words, "--color", "never"], world);

        expect(out).toContain("evil");
        expect(out).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]/);
      }
    }
  });

  it("stays usable with thousands of keys and values of megabytes", async () => {
    const desk = openDesk();
    fill(desk, (context) => {
      context.update(Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`key-${n}`, n])));
      context.set("large", `${"x".repeat(5_000_000)}needle`);
    });

    const { out } = await desk.run(["search", "needle", "--history"]);
    const { out: keys } = await desk.run(["search", "run-42", "key-19", "--keys"]);

    expect(out.length).toBeLessThan(300);
    expect(keys.trimEnd().split("\n")).toHaveLength(111);
  });

  it.each([
    [["search", ""], "An empty text is everywhere"],
    [["search", "run-42", "(", "--regexp"], "cannot be read"],
    [["search", "run-42@3", "a"], "names a point in history"],
    [["search", "a", "--since", "@3"], "is no time"],
    [["search", "run-42", "a", "--since", "noon"], "cannot be read"],
    [["search", "a", "--keys", "--values"], "cannot be used with"],
    [["search", "a", "--json", "--jsonl"], "Pass one of them"],
  ])("takes %j for a mistake", async (words, message) => {
    const { code, err } = await filledDesk().run(words);

    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it("exits with 3 where there is no such context", async () => {
    expect(await filledDesk().run(["search", "run-99", "a"])).toMatchObject({ code: 3, out: "" });
  });
});

function filledDesk(): Desk {
  const desk = openDesk();
  fill(desk, (context) => {
    context.set("plan", { steps: ["rest"] });
    context.set("plan", { steps: ["work", "ask for a budget"] }, { actor: "planner" });
    context.set("budget", 5);
    context.setEphemeral("draft", "the rest");
    context.setEphemeral("draft", "");
  });
  fill(desk, (context) => context.set("budget", 1), { id: "run-43" });
  return desk;
}
