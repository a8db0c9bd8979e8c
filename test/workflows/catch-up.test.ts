import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evolve, initialState, type State } from "../../src/core/state.js";
import { createCodec } from "../../src/core/value/codec.js";
import type { Engine } from "../../src/engines/engine.js";
import { openMemoryEngine } from "../../src/engines/memory/memory-engine.js";
import { wait } from "../../src/program/program.js";
import { lineOf } from "../../src/workflows/line.js";
import { applyRecord, catchUp, eachEvent } from "../../src/workflows/replay.js";
import { makeMove, type Move } from "../support/moves.js";
import { openCounted } from "../support/counted-store.js";
import { openSqliteStore } from "../support/each-engine.js";
import { openSqlite, temporaryFolder } from "../support/sqlite-files.js";
import { tellState } from "../support/tell-state.js";

const key = fc.constantFrom("a", "b", "c", "goal", "__proto__", "7");
const value = fc.constantFrom<unknown>(0, 1, null, "é😀", [1], { a: 1 }, new Date(5), undefined);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ verb: fc.constantFrom("set", "setEphemeral"), key, value }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constantFrom("delete", "protect", "unprotect"), key }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("snapshot") }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("restore"), back: fc.nat({ max: 9 }) }) },
);

/** How far a handle has to be behind before it loads what it missed: more events than it holds keys. */
const far = 300;

describe("catching up", () => {
  it("gives the same state whether a handle replays what it missed or loads the present keys", async () => {
    const engine = openMemoryEngine("sync");
    const { store } = openCounted(engine, { protect: ["goal"] });
    let runs = 0;

    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 60, maxLength: 90, size: "max" }), async (moves) => {
        runs += 1;
        const ctx = store.context(`run-${runs}`, { initial: { b: 1 }, metadata: { z: 1, a: new Date(1) } });
        for (let n = 0; n < far; n += 1) ctx.set("tick", n);
        for (const one of moves) {
          if ("value" in one && one.value === undefined) continue;
          await makeMove(ctx, one);
        }

        const { replayed, caughtUp } = statesOf(engine, runs);

        expect(tellState(caughtUp)).toEqual(tellState(replayed));
      }),
      { numRuns: 30 },
    );
  });

  it("reads no events at all where a handle is far behind", () => {
    const path = join(temporaryFolder(), "store.db");
    const writer = openSqliteStore(path).context("run");
    const { store, eventsRead } = openCounted(openSqlite(path));
    const [reader, seer, other] = [store.context("run"), store.context("run"), store.context("run")];
    writer.snapshot("early");
    for (let n = 0; n < far; n += 1) writer.set("n", n);
    eventsRead();

    expect([seer.at(1).get("n"), eventsRead()]).toEqual([0, 1]);
    expect([seer.at("@snapshot:early").version, eventsRead()]).toEqual([0, 0]);
    other.set("m", 1);
    expect([other.get("n"), eventsRead()]).toEqual([far - 1, 0]);
    for (let n = 0; n < far; n += 1) writer.set("n", n);
    reader.refresh();
    expect([reader.get("n"), reader.version, eventsRead()]).toEqual([far - 1, 2 * far + 1, 0]);
  });

  it("reads only what was missed where that is little", () => {
    const path = join(temporaryFolder(), "store.db");
    const writer = openSqliteStore(path).context("run");
    const { store, eventsRead } = openCounted(openSqlite(path));
    const reader = store.context("run");
    for (let n = 0; n < 5; n += 1) writer.set("n", n);
    eventsRead();

    reader.refresh();

    expect([reader.get("n"), eventsRead()]).toEqual([4, 5]);
  });
});

/** The state after every event, by replay of them all, and by catching up from nothing. */
function statesOf(engine: Engine<"sync">, context: number): { replayed: State; caughtUp: State } {
  const codec = createCodec();
  return engine.run(
    engine.read(function* (log) {
      const line = yield* lineOf(log, context);
      let replayed = initialState;
      yield* eachEvent(log, line, { order: "oldest", after: undefined }, (record) => {
        replayed = evolve(replayed, applyRecord(replayed, record, codec, "run"));
        return true;
      });
      const name = yield* wait(log.contextName(context));
      return { replayed, caughtUp: yield* catchUp(log, line, initialState, codec, name ?? "") };
    }),
  );
}
