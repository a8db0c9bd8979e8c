import { describe, expect, it } from "vitest";
import { readKey } from "../../../src/cli/stepper/key-press.js";
import { press } from "../../../src/cli/stepper/press.js";
import {
  arriveAtMatch,
  arriveAtPoint,
  createStepper,
  type Request,
  type Stepper,
  type Turn,
} from "../../../src/cli/stepper/stepper.js";

const match = { key: "plan" };

describe("a key without a filter", () => {
  it.each([
    [["right", "l", "space", "return", "enter"], 51],
    [["left", "h"], 49],
    [["pagedown"], 60],
    [["pageup"], 40],
    [["home", "g"], 1],
    [["end", "G"], 100],
    [["x", "f1", "ctrl-l", "meta-x", "7"], 50],
  ])("moves at once: %j", (keys, expected) => {
    const turns = keys.map((key) => typed(stepper(), key));

    expect(turns.map((turn) => [turn.stepper.at, turn.request])).toEqual(
      keys.map(() => [expected, undefined]),
    );
  });

  it("stops at the ends, and says so only if it was there", () => {
    const near = typed(stepper({ at: 95 }), "pagedown");
    const there = typed(near.stepper, "pagedown");
    const first = typed(stepper({ at: 1 }), "left");

    expect([near.stepper.at, near.stepper.message]).toEqual([100, undefined]);
    expect([there.stepper.at, there.stepper.message?.text]).toEqual([100, "This is the last event."]);
    expect([first.stepper.at, first.stepper.message?.text]).toEqual([1, "This is the first event."]);
  });

  it("shows the next event from the top, the same one where it is", () => {
    const scrolled = stepper({ at: 99, scroll: 7 });

    const arrived = typed(scrolled, "right").stepper;
    const stayed = typed({ ...scrolled, at: 100 }, "right").stepper;

    expect([arrived.scroll, stayed.scroll]).toEqual([0, 7]);
  });

  it("forgets what was said", () => {
    const message = { text: "No.", isError: true };

    expect(typed(stepper({ message }), "j").stepper.message).toBeUndefined();
  });

  it("cannot go among matches", () => {
    const turn = typed(stepper(), "n");

    expect([turn.request, turn.stepper.message?.text]).toEqual([
      undefined,
      "There is no filter to go by; / sets one.",
    ]);
  });
});

describe("a key with a filter", () => {
  it.each<[readonly string[], number, number]>([
    [["right", "l", "n", "space"], 50, 1],
    [["left", "h", "N"], 50, -1],
    [["pagedown"], 50, 10],
    [["pageup"], 50, -10],
    [["home", "g"], 0, 1],
    [["end", "G"], 101, -1],
  ])("asks for the events that match: %j", (keys, from, steps) => {
    const requests = keys.map((key) => typed(stepper({ match }), key).request);

    expect(requests).toEqual(
      keys.map((): Request => ({ kind: "seek", match, stretches: [{ from, steps }] })),
    );
  });
});

describe("a prompt", () => {
  it("takes what is typed, and lets it be corrected", () => {
    const prompts = ["/", "k", "e", "é", "🙂", "backspace", "right", "space", "q"].reduce<Turn[]>(
      (turns, key) => [...turns, typed(turns.at(-1)!.stepper, key)],
      [{ stepper: stepper() }],
    );

    expect(prompts.map((turn) => turn.stepper.prompt?.text)).toEqual([
      ...[undefined, "", "k", "ke", "keé", "keé🙂", "keé", "keé", "keé ", "keé q"],
    ]);
  });

  it.each([
    ["ctrl-u", "key:a key:b", ""],
    ["ctrl-w", "key:a key:b ", "key:a "],
    ["escape", "abc", undefined],
    ["backspace", "", undefined],
    ["backspace", "a", ""],
  ])("is edited by %s: %j", (key, text, expected) => {
    const turn = typed(stepper({ prompt: { asks: "filter", text } }), key);

    expect([turn.stepper.prompt?.text, turn.request]).toEqual([expected, undefined]);
  });

  it("asks where a point is", () => {
    const turn = typed(stepper({ prompt: { asks: "jump", text: " @~3 " } }), "return");

    expect([turn.stepper.prompt, turn.request]).toEqual([undefined, { kind: "locate", point: "@~3" }]);
  });

  it("asks for the nearest event that a new filter lets through: this one, a later, an earlier one", () => {
    const turn = typed(stepper({ prompt: { asks: "filter", text: "key:plan" } }), "return");

    const stretches = [
      { from: 49, steps: 1 },
      { from: 50, steps: -1 },
    ];
    expect([turn.stepper.prompt, turn.request]).toEqual([undefined, { kind: "seek", match, stretches }]);
  });

  it.each(["jump", "filter"] as const)(
    "does nothing if nothing was typed, but to clear the filter: %s",
    (asks) => {
      const turn = typed(stepper({ match, prompt: { asks, text: " " } }), "return");

      expect(turn).toEqual({ stepper: stepper({ match: asks === "jump" ? match : undefined }) });
    },
  );
});

describe("panes", () => {
  it("are toggled, each from its top", () => {
    const state = typed(stepper({ scroll: 3 }), "d").stepper;
    const changes = typed(state, "d").stepper;

    expect([state.pane, state.scroll, changes.pane]).toEqual(["state", 0, "changes"]);
  });

  it.each([
    [["down", "j"], 4],
    [["up", "k"], 2],
  ])("are scrolled: %j", (keys, expected) => {
    expect(keys.map((key) => typed(stepper({ scroll: 3 }), key).stepper.scroll)).toEqual([
      expected,
      expected,
    ]);
  });

  it("are not scrolled above their top", () => {
    expect(typed(stepper(), "k").stepper.scroll).toBe(0);
  });

  it("give way to the help, which any key closes but one that scrolls", () => {
    const help = typed(stepper({ pane: "state" }), "?").stepper;

    expect(help.isHelpShown).toBe(true);
    expect(typed(help, "j").stepper).toEqual({ ...help, scroll: 1 });
    for (const key of ["?", "q", "escape", "right"])
      expect(typed(help, key)).toEqual({ stepper: stepper({ pane: "state" }) });
  });
});

describe("leaving", () => {
  it.each([
    ["q", "ok"],
    ["escape", "ok"],
    ["ctrl-c", "interrupted"],
  ])("%s", (key, ending) => {
    expect(typed(stepper(), key).request).toEqual({ kind: "quit", ending });
  });

  it("by Ctrl-C works everywhere", () => {
    const steppers = [stepper({ isHelpShown: true }), stepper({ prompt: { asks: "jump", text: "" } })];

    expect(steppers.map((one) => typed(one, "ctrl-c").request?.kind)).toEqual(["quit", "quit"]);
  });
});

describe("an answer", () => {
  it("brings the filter with it, or leaves the old one and says that nothing fits", () => {
    const old = { key: "goal" };

    const found = arriveAtMatch(stepper({ match: old }), match, 7);
    const missing = arriveAtMatch(stepper({ match: old }), match, undefined);
    const last = arriveAtMatch(stepper({ match }), match, undefined);

    expect([found.at, found.match]).toEqual([7, match]);
    expect([missing.at, missing.match, missing.message?.text]).toEqual([50, old, "No event fits key:plan."]);
    expect(last.message?.text).toBe("No further event fits key:plan.");
  });

  it("is refused where it is not among what is replayed", () => {
    const within = arriveAtPoint(stepper({ first: 10 }), 10);
    const before = arriveAtPoint(stepper({ first: 10 }), 9);

    expect([within.at, within.message]).toEqual([10, undefined]);
    expect([before.at, before.message]).toEqual([
      50,
      { text: "Event #9 is not among those replayed, #10 to #100.", isError: true },
    ]);
  });
});

describe("readKey", () => {
  it.each([
    [":", { sequence: ":" }, { name: "", text: ":" }],
    ["G", { name: "g", shift: true, sequence: "G" }, { name: "g", text: "G" }],
    [" ", { name: "space", sequence: " " }, { name: "space", text: " " }],
    ["\r", { name: "return", sequence: "\r" }, { name: "return", text: "" }],
    [undefined, { name: "left", sequence: "\u001b[D" }, { name: "left", text: "" }],
    [undefined, { name: "escape", meta: true, sequence: "\u001b" }, { name: "escape", text: "" }],
    [undefined, { name: "c", ctrl: true, sequence: "\u0003" }, { name: "ctrl-c", text: "" }],
    [undefined, { name: "d", meta: true, sequence: "\u001bd" }, { name: "meta-d", text: "" }],
    ["🙂", { sequence: "🙂" }, { name: "", text: "🙂" }],
    ["\u007f", { name: "backspace", sequence: "\u007f" }, { name: "backspace", text: "" }],
  ])("reads %j of %j", (text, key, expected) => {
    expect(readKey(text, key)).toEqual(expected);
  });
});

function stepper(parts: Partial<Stepper> = {}): Stepper {
  return { ...createStepper({ first: 1, last: 100, at: 50, match: undefined }), ...parts };
}

/** Presses a key by its name, or by the text that it types. */
function typed(from: Stepper, key: string): Turn {
  const text = key === "space" ? " " : /^.$/u.test(key) ? key : "";
  return press(from, { name: key.toLowerCase(), text });
}
