import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EventMatch, fits, formatMatch, parseMatch } from "../../src/cli/event-match.js";
import { openMemoryStore } from "../../src/index.js";

describe("parseMatch", () => {
  it.each<[string, EventMatch | undefined]>([
    ["key:plan", { key: "plan" }],
    ["type:value_set actor:ada key:plan", { key: "plan", type: "value_set", actor: "ada" }],
    ["plan ada", { words: ["plan", "ada"] }],
    ['key:"odd key" "and more"', { key: "odd key", words: ["and more"] }],
    ['actor:"a\\"b"', { actor: 'a"b' }],
    ['"key:plan"', { words: ["key:plan"] }],
    ["key: plan", { words: ["key:", "plan"] }],
    ['key:"half a', { key: '"half', words: ["a"] }],
    ["phase:x", { words: ["phase:x"] }],
    ["  ", undefined],
    ["", undefined],
  ])("reads %j", (text, expected) => {
    expect(parseMatch(text)).toEqual(expected);
  });

  it("reads whatever formatMatch writes", () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("key:a", "type:", '"', "a b"),
    );
    const anyMatch = fc.record({ key: text, type: text, actor: text }, { requiredKeys: ["actor"] });
    fc.assert(
      fc.property(anyMatch, fc.array(text, { minLength: 1 }), (named, words) => {
        expect(parseMatch(formatMatch({ ...named, words }))).toEqual({ ...named, words });
      }),
    );
  });
});

describe("fits", () => {
  it.each<[string, boolean]>([
    ["key:plan", true],
    ["key:pla", false],
    ["type:values_updated", true],
    ["type:value_set", false],
    ["actor:Ada", true],
    ["actor:ada", false],
    ["key:plan actor:bob", false],
    ["PLA", true],
    ["upd", true],
    ["ad", true],
    ["plan ada goal", true],
    ["plan bob", false],
  ])("goes by exact names, and by parts where none is given: %s", (text, expected) => {
    using store = openMemoryStore();
    const context = store.context("run-42");
    context.update({ plan: 1, goal: 2 }, { actor: "Ada" });

    const [event] = context.history({ order: "newest", limit: 1 });

    expect(fits(event!, parseMatch(text)!)).toBe(expected);
  });

  it("goes by keys of the caller's own", () => {
    using store = openMemoryStore({ protect: [] });
    const context = store.context("run-42");
    const [created] = context.history();
    context.protect("goal");
    const [guarded] = context.history({ order: "newest", limit: 1 });

    expect([fits(created!, { key: "name" }), fits(guarded!, { key: "goal" })]).toEqual([false, true]);
  });
});
