import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evolve, initialState, type State } from "../../src/core/state.js";
import { createCodec } from "../../src/core/value/codec.js";
import type { Log } from "../../src/engines/engine.js";
import { openMemoryEngine } from "../../src/engines/memory/memory-engine.js";
import type { Program } from "../../src/program/program.js";
import { lineOf } from "../../src/workflows/line.js";
import { applyRecord, eachEvent } from "../../src/workflows/replay.js";
import { stateAt } from "../../src/workflows/state-at.js";
import { makeMove, type Move } from "../support/moves.js";
import { openCounted } from "../support/counted-store.js";
import type { OpenEngine } from "../support/engine-programs.js";
import { openSqlite, temporaryFolder } from "../support/sqlite-files.js";
import { tellState } from "../support/tell-state.js";

const key = fc.constantFrom("a", "b", "c", "goal", "__proto__", "7", "a b");
const value = fc.constantFrom<unknown>(0, 1, null, "é😀", [1], { a: 1 }, new Date(5));
const values = fc.constantFrom({ a: 1, b: 2 }, { c: [3], goal: 4 }, {});
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ verb: fc.constantFrom("set", "setEphemeral"), key, value }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constantFrom("delete", "protect", "unprotect"), key }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constantFrom("update", "replace"), values }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constantFrom("snapshot", "clearEphemeral") }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("restore"), back: fc.nat({ max: 9 }) }) },
);

const engines: readonly (readonly [name: string, open: OpenEngine])[] = [
  ["SQLite", () => openSqlite(join(temporaryFolder(), "store.db"), { durability: "normal" })],
  ["memory (sync)", () => openMemoryEngine("sync")],
  ["memory (async)", () => openMemoryEngine("async")],
];

describe.each(engines)("the whole state after an event, on %s", (_, open) => {
  it("is what replaying all events up to it gives", async () => {
    const engine = open();
    const { store } = openCounted(engine, { protect: ["goal"], retention: { snapshots: 2 } });
    let runs = 0;

    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 40, size: "max" }), async (moves) => {
        runs += 1;
        const options = {
          initial: { b: 1 },
          metadata: { z: 1, a: new Date(1) },
          limits: { refuse: { keys: 99 } },
        };
        const ctx = await store.context(`run-${runs}`, options);
        for (const one of moves) await makeMove(ctx, one);
        await ctx.phase("work", (copy) => (copy.done = true), { once: "work" });

        const { replayed, found } = await engine.run(engine.read((log) => statesOf(log, runs)));

        expect(found.map(tellState)).toEqual(replayed.map(tellState));
      }),
      { numRuns: 12 },
    );
  });
});

/** The states after each event of a context, by replay and by the key index. */
function* statesOf(log: Log, context: number): Program<{ replayed: State[]; found: State[] }> {
  const codec = createCodec();
  const line = yield* lineOf(log, context);
  const replayed = [initialState];
  yield* eachEvent(log, line, { order: "oldest", after: undefined }, (record) => {
    replayed.push(
      evolve(
        replayed.at(-1) ?? initialState,
        applyRecord(replayed.at(-1) ?? initialState, record, codec, "run"),
      ),
    );
    return true;
  });
  const found: State[] = [];
  for (const { sequence } of replayed) found.push(yield* stateAt({ codec }, log, line, sequence));
  return { replayed, found };
}
