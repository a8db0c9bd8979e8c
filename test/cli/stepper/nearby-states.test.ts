import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ContextTape } from "../../../src/cli/context-tape.js";
import { NearbyStates } from "../../../src/cli/stepper/nearby-states.js";
import { openMemoryStore } from "../../../src/index.js";

describe("states near each other", () => {
  it("are what the tape says of each, in the same order, wherever one goes", () => {
    const key = fc.constantFrom("a", "b", "c", "__proto__");
    const write = fc.oneof(
      fc.record({ verb: fc.constant("set" as const), key, value: fc.nat(3) }),
      fc.record({ verb: fc.constant("delete" as const), key, value: fc.constant(0) }),
      fc.record({ verb: fc.constant("setEphemeral" as const), key, value: fc.nat(3) }),
    );
    fc.assert(
      fc.property(
        fc.array(write, { maxLength: 12 }),
        fc.array(fc.constantFrom(-2, -1, 1, 1, 3)),
        (writes, moves) => {
          using store = openMemoryStore();
          const context = store.context("run-42", { initial: { a: 0 } });
          for (const { verb, key, value } of writes) {
            if (verb === "delete") context.delete(key);
            else context[verb](key, value);
          }
          const tape = new ContextTape(context, { first: 1, last: undefined });
          const states = new NearbyStates(tape, (sequence) => tape.changes(tape.event(sequence)!));

          let at = 1;
          for (const move of moves) {
            at = Math.min(Math.max(at + move, 1), tape.last);
            expect([...states.at(at)]).toEqual(tape.view(at).entries());
          }
        },
      ),
    );
  });

  it("are read once for a walk of many steps", () => {
    using store = openMemoryStore();
    const context = store.context("run-42");
    for (let n = 0; n < 20; n += 1) context.set("a", n);
    const tape = new ContextTape(context, { first: 1, last: undefined });
    let reads = 0;
    const counted = {
      view: (sequence: number) => {
        reads += 1;
        return tape.view(sequence);
      },
    };
    const states = new NearbyStates(counted, (sequence) => tape.changes(tape.event(sequence)!));

    const walk = [10, 11, 12, 13, 12, 11, 10, 9, 9, 10].map((at) => states.at(at).get("a"));

    expect([walk, reads]).toEqual([[8, 9, 10, 11, 10, 9, 8, 7, 7, 8], 1]);
  });
});
