import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CurrentRow, Engine, WritableLog } from "../../../src/engines/engine.js";
import { type Program, wait } from "../../../src/program/program.js";
import type { RowWrite } from "../../../src/projections/rows.js";
import { ask, createNamed, type OpenEngine, write } from "../../support/engine-programs.js";
import { setRows } from "../../support/event-records.js";
import { type History, historyArbitrary, writeHistory } from "../../support/key-histories.js";

const none = { current_keys: 0, key_changes: 0, phases: 0, receipts: 0 };

const phase: RowWrite = {
  table: "phases",
  id: "p",
  name: "plan",
  once: null,
  status: "running",
  sequence: 2,
};
const receipt: RowWrite = {
  table: "receipts",
  idempotencyKey: "once",
  sequence: 2,
  command: "c",
  outcome: null,
};
const sample: History = [
  { sequence: 2, rows: [...setRows(2, "a"), phase, receipt] },
  { sequence: 3, rows: setRows(3, "b", { value: '"é"' }) },
];

export function rebuildContract(open: OpenEngine): void {
  describe("rebuilding projections", () => {
    it("gives the same rows, whatever the history", async () => {
      const engine = open();

      await fc.assert(
        fc.asyncProperty(historyArbitrary, async (history) => {
          const context = await createHistory(engine, history);
          const before = await ask(engine, (log) => log.current(context));

          const { differences, current } = await rebuild(engine, context, history);

          expect(differences).toEqual(none);
          expect(current).toEqual(before);
          await remove(engine, context);
        }),
        { numRuns: 20 },
      );
    });

    it.each([
      ["a present key that was lost", { current_keys: 1 }, (row: RowWrite) => row.table !== "current"],
      ["a change that was lost", { key_changes: 1 }, (row: RowWrite) => row.table !== "key-changes"],
      ["a phase that was lost", { phases: 1 }, (row: RowWrite) => row.table !== "phases"],
      ["a receipt that was lost", { receipts: 1 }, (row: RowWrite) => row.table !== "receipts"],
    ])("counts %s", async (_, expected, isKept) => {
      const engine = open();
      const context = await createHistory(engine, sample);
      const damaged = sample.map(({ sequence, rows }) => ({
        sequence,
        rows: sequence === 2 ? rows.filter(isKept) : rows,
      }));

      expect((await rebuild(engine, context, damaged)).differences).toEqual({ ...none, ...expected });
    });

    it("counts a row that differs on both sides", async () => {
      const engine = open();
      const context = await createHistory(engine, sample);
      const [first, second] = sample;
      const changed = { ...second!, rows: setRows(3, "b", { value: '"e"' }) };

      const { differences } = await rebuild(engine, context, [first!, changed]);

      expect(differences).toEqual({ ...none, current_keys: 2 });
    });

    it("can be done again, and leaves what it made", async () => {
      const engine = open();
      const context = await createHistory(engine, sample);

      await rebuild(engine, context, [sample[0]!]);
      const again = await rebuild(engine, context, sample);

      expect(again.differences).toEqual({ ...none, current_keys: 1, key_changes: 1 });
      expect(await ask(engine, (log) => log.current(context))).toHaveLength(2);
    });

    it("leaves everything as it was if it fails midway", async () => {
      const engine = open();
      const context = await createHistory(engine, sample);
      const before = await ask(engine, (log) => log.current(context));

      const failing = write(engine, function* (log) {
        yield* wait(log.clearProjections());
        expect(yield* wait(log.current(context))).toEqual([]);
        yield* wait(log.reproject(context, 2, sample[0]!.rows));
        throw new Error("midway");
      });

      await expect(failing).rejects.toThrow("midway");
      expect(await ask(engine, (log) => log.current(context))).toEqual(before);
      expect((await rebuild(engine, context, sample)).differences).toEqual(none);
    });
  });
}

async function createHistory(engine: Engine, history: History): Promise<number> {
  return await write(engine, function* (log) {
    const context = yield* createNamed(log, "run-1");
    yield* writeHistory(log, context, history);
    return context;
  });
}

async function rebuild(engine: Engine, context: number, history: History) {
  return await write(engine, (log) => rebuildIn(log, context, history));
}

function* rebuildIn(
  log: WritableLog,
  context: number,
  history: History,
): Program<{ differences: Readonly<Record<string, number>>; current: readonly CurrentRow[] }> {
  yield* wait(log.clearProjections());
  for (const { sequence, rows } of history) yield* wait(log.reproject(context, sequence, rows));
  const differences = yield* wait(log.differences());
  return { differences, current: yield* wait(log.current(context)) };
}

async function remove(engine: Engine, context: number): Promise<void> {
  await write(engine, function* (log) {
    yield* wait(log.removeContext(context));
  });
}
