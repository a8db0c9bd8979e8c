import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ContextTape } from "../../src/cli/context-tape.js";
import { ReplayedTape } from "../../src/cli/replayed-tape.js";
import { type Context, openMemoryStore } from "../../src/index.js";

const open = { first: 1, last: undefined };

describe("a tape of a context", () => {
  it("tells what the replay of the library tells, wherever one looks", () => {
    using store = openMemoryStore();
    const context = fill(store.context("run-42"), 40);
    const tape = new ContextTape(context, open);

    for (const step of context.replay()) {
      expect(tape.changes(step.event)).toEqual(step.changed);
      expect(tape.view(step.event.sequence).data).toEqual(step.view.data);
    }
  });
});

describe("a tape without some events", () => {
  it("tells what the replay without them tells, wherever one goes", () => {
    using store = openMemoryStore();
    const context = fill(store.context("run-42"), 40);
    const number = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 3 }), fc.array(number), (skip, walk) => {
        const steps = [...context.replay({ skip })];
        const tape = new ReplayedTape(context, open, skip);

        for (const at of walk) {
          const { event, view, changed, skipped } = steps[at - 1]!;
          expect(tape.event(at)).toEqual(event);
          expect(tape.isSkipped(at)).toBe(skipped);
          expect(tape.changes(event)).toEqual(changed);
          expect(tape.view(at).data).toEqual(view.data);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("replays once for all steps forward, and for steps back among the latest", () => {
    using store = openMemoryStore();
    const context = fill(store.context("run-42"), 40);
    let replays = 0;
    const counted = new Proxy(context, {
      get: (target, name) => {
        if (name === "replay") replays += 1;
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === "function" ? (member.bind(target) as unknown) : member;
      },
    });
    const tape = new ReplayedTape(counted, open, [5]);

    for (const at of [1, 4, 10, 20, 40, 30, 10, 4, 12]) tape.view(at);

    expect(replays).toBe(1);
  });

  it("takes in what is written meanwhile", () => {
    using store = openMemoryStore();
    const context = fill(store.context("run-42"), 10);
    const tape = new ReplayedTape(context, open, [3]);
    tape.view(10);

    context.set("late", true);

    expect([tape.last, tape.view(11).get("late")]).toEqual([11, true]);
  });
});

/** Writes to several keys in both scopes, until there are so many events. */
function fill(context: Context, events: number): Context {
  for (let n = 0; context.sequence < events; n += 1) {
    const key = `key-${n % 5}`;
    if (n % 7 === 6) context.delete(key);
    else if (n % 4 === 3) context.setEphemeral(key, n);
    else context.set(key, { n });
  }
  return context;
}
