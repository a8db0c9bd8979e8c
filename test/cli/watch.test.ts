import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "../../src/index.js";
import { Money, moneyClass } from "../support/money.js";
import { type Desk, type Ended, fill, openDesk, type World } from "./command-line.js";

describe("watch", () => {
  it("lists events as they were committed, with the position to go on from, until it is interrupted", async () => {
    const desk = openDesk();
    fillTwo(desk);

    const { code, out, err } = await watch(desk, [], 5);

    expect([code, err]).toEqual([130, ""]);
    expect(rows(out)).toEqual([
      ["1", "run-1", "1", "0", time, "context_created", "", "", ""],
      ["2", "run-2", "1", "0", time, "context_created", "", "", ""],
      ["3", "run-1", "2", "1", time, "value_set", "plan", "ada", ""],
      ["4", "run-2", "2", "1", time, "value_set", "note", "", ""],
      ["6", "gone", "1", "0", time, "context_deleted", "", "", ""],
    ]);
  });

  it.each([
    ["contexts", ["run-2"], ["2", "4"]],
    ["contexts by pattern", ["run-*"], ["1", "2", "3", "4"]],
    ["keys by pattern", ["--key", "p*"], ["3"]],
    ["one type", ["--type", "value_set"], ["3", "4"]],
    ["one actor", ["--actor", "ada"], ["3"]],
    ["what comes behind a position", ["--from", "3"], ["4", "6"]],
  ])("lists only %s", async (_, words, expected) => {
    const desk = openDesk();
    fillTwo(desk);

    const { out } = await watch(desk, words, expected.length);

    expect(rows(out).map(([position]) => position)).toEqual(expected);
  });

  it("begins now, unless it is told otherwise", async () => {
    const desk = openDesk();
    fillTwo(desk);
    using store = openStore(desk.store);
    let round = 0;
    const writing = setInterval(() => store.context("run-1").setEphemeral("progress", (round += 1)), 20);

    const { out } = await desk.run(["watch"], enough(1));
    clearInterval(writing);

    expect(rows(out)[0]?.[5]).toBe("ephemeral_set");
  });

  it("aligns them on a terminal", async () => {
    const desk = openDesk();
    fillTwo(desk);

    const { out } = await watch(desk, ["--key", "plan"], 1, { terminal: true, env: { NO_COLOR: "1" } });

    expect(out).toBe(`3       run-1           #2    @1    ${time}  value_set         plan  by ada\n`);
  });

  it("writes one document an event with --jsonl", async () => {
    const desk = openDesk();
    fillTwo(desk);

    const { out } = await watch(desk, ["--jsonl"], 5);

    const normal = out
      .replace(/\b[0-9a-f]{64}\b/g, "<hash>")
      .trimEnd()
      .split("\n");
    const documents = normal.map((line) => JSON.parse(line) as unknown);
    await expect(`${JSON.stringify(documents, undefined, 2)}\n`).toMatchFileSnapshot(
      join(import.meta.dirname, "../fixtures/cli/watch.json"),
    );
    const { out: help } = await desk.run(["watch", "--help"]);
    expect(Object.keys(documents[0] as object).filter((member) => !help.includes(`"${member}"`))).toEqual([]);
  });

  it("goes on where a value is of a class that only its owner knows", async () => {
    const desk = openDesk();
    fill(
      desk,
      (context) => {
        context.set("before", 1);
        context.set("price", new Money(250));
        context.set("after", 2);
      },
      { options: { classes: [moneyClass] } },
    );

    const { out } = await watch(desk, ["--jsonl", "--key", "*"], 3);

    const values = out
      .trimEnd()
      .split("\n")
      .map((line) => {
        const { effects } = JSON.parse(line) as { effects: { value: unknown }[] };
        return effects[0]?.value;
      });
    expect(values).toEqual([1, { $type: "class", name: "Money", value: 250 }, 2]);
  });

  it.each([
    [["--json"], 2],
    [["--from", "soon"], 2],
    [["--from", "-1"], 2],
  ])("refuses %j", async (words, expected) => {
    const desk = openDesk();
    fill(desk, () => undefined);

    const { code, out } = await desk.run(["watch", ...words]);

    expect([code, out]).toEqual([expected, ""]);
  });

  it("ends with 3 where there is no store", async () => {
    expect((await openDesk().run(["watch"])).code).toBe(3);
  });
});

describe("log -f", () => {
  it("takes a key for a name and not for a pattern", async () => {
    const desk = openDesk();
    using store = openStore(desk.store);
    const context = store.context("run-1");
    context.set("a*", 1);
    const isEnough = (out: string) => {
      if (out.split("\n").length > 2) return true;
      context.update({ ab: 1 });
      context.update({ "a*": 2 });
      return false;
    };

    const { code, out } = await desk.run(["log", "run-1", "-f", "--key", "a*"], { isEnough });

    expect(code).toBe(130);
    expect(rows(out).map((row) => row[4])).toEqual(["a*", "a*"]);
  });
});

const time = "2026-11-23T10:00:00.000Z";

function fillTwo(desk: Desk): void {
  using store = openStore(desk.store, { now: () => Date.parse(time), protect: [] });
  const [one, two] = [store.context("run-1"), store.context("run-2")];
  one.set("plan", [1], { actor: "ada" });
  two.set("note", "hi");
  store.context("gone");
  store.delete("gone");
}

/** Watches from the start until so many lines were written. */
function watch(desk: Desk, words: readonly string[], lines: number, world: World = {}): Promise<Ended> {
  const from = words.includes("--from") ? [] : ["--from", "start"];
  return desk.run(["watch", ...words, ...from], { ...world, ...enough(lines) });
}

function enough(lines: number): World {
  return { isEnough: (out) => out.split("\n").length > lines };
}

function rows(out: string): string[][] {
  return out
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => line.split("\t"));
}
