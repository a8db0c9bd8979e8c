import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EventMatch, fits } from "../../src/cli/event-match.js";
import { findEvents } from "../../src/cli/find-events.js";
import { type Context, openMemoryStore } from "../../src/index.js";

const length = 60;

describe("findEvents", () => {
  it("finds in any stretch and either direction what looking at every event finds", () => {
    using store = openMemoryStore();
    const context = fill(store.context("run-42"));
    const all = context.history();
    const anyMatch: fc.Arbitrary<EventMatch> = fc.record(
      {
        key: fc.constantFrom("key-0", "key-3", "none"),
        type: fc.constantFrom("value_set", "value_deleted", "none"),
        actor: fc.constantFrom("ada", "bob", "none"),
        words: fc.constantFrom([], ["KEY"], ["ada", "3"]),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        anyMatch,
        fc.nat(length + 1),
        fc.integer({ min: 1, max: length }),
        (match, after, until) => {
          const order = until > after ? "oldest" : "newest";
          const [low, high] = order === "oldest" ? [after + 1, until] : [until, after - 1];

          const pages = [...findEvents(context, match, { order, after, until })];

          const expected = all.slice(low - 1, high).filter((event) => fits(event, match));
          if (order === "newest") expected.reverse();
          expect(pages.flatMap(({ events }) => events)).toEqual(expected);
          expect(pages.at(-1)?.reached ?? until).toBe(until);
        },
      ),
    );
  });

  it("hands over no more than it may at once, and loses nothing", () => {
    using store = openMemoryStore();
    const context = store.context("run-42");
    context.batch(() => {
      for (let n = 0; n < 3000; n += 1) context.set("n", n);
    });

    const pages = [...findEvents(context, {}, { order: "oldest", after: 0, until: 3001 })];

    const sequences = pages.flatMap(({ events }) => events.map(({ sequence }) => sequence));
    expect(sequences).toEqual(Array.from({ length: 3001 }, (_, index) => index + 1));
    expect(Math.max(...pages.map(({ events }) => events.length))).toBeLessThanOrEqual(512);
  });
});

/** Writes events of several keys, types and actors. */
function fill(context: Context): Context {
  for (let n = 0; context.sequence < length; n += 1) {
    const [key, actor] = [`key-${n % 7}`, n % 3 === 0 ? "ada" : "bob"];
    if (n % 5 === 4) context.delete(key, { actor });
    else context.set(key, n, { actor });
  }
  return context;
}
