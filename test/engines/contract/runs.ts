import { describe, expect, it } from "vitest";
import type { PhaseRow, PhaseStatus, ReceiptRow } from "../../../src/projections/rows.js";
import { append, ask, createContext, type OpenEngine } from "../../support/engine-programs.js";
import { eventRecord } from "../../support/event-records.js";

export function runsContract(open: OpenEngine): void {
  describe("receipts", () => {
    it("tell which command a key was used for, and what came of it", async () => {
      const engine = open();
      const [one, two] = [await createContext(engine, "one"), await createContext(engine, "two")];
      await append(engine, one, eventRecord(2), [receiptRow(2, "done", '{"written":1}')]);
      await append(engine, one, eventRecord(3), [receiptRow(3, "silent", null)]);

      const answers = await Promise.all(
        ["done", "silent", "unknown"].map((key) => ask(engine, (log) => log.receipt(one, key))),
      );

      expect(answers).toEqual([
        { sequence: 2, command: "digest of done", outcome: '{"written":1}' },
        { sequence: 3, command: "digest of silent", outcome: null },
        undefined,
      ]);
      expect(await ask(engine, (log) => log.receipt(two, "done"))).toBeUndefined();
    });

    it("are given once a key", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      await append(engine, context, eventRecord(2), [receiptRow(2, "once", "1")]);

      await expect(append(engine, context, eventRecord(3), [receiptRow(3, "once", "2")])).rejects.toThrow();

      expect((await ask(engine, (log) => log.receipt(context, "once")))?.sequence).toBe(2);
    });
  });

  describe("phases", () => {
    it("keep their start while their status changes", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      await append(engine, context, eventRecord(2), [phaseRow(2, "p-1", "running", "research#1")]);
      await append(engine, context, eventRecord(3), [phaseRow(3, "p-2", "running")]);
      await append(engine, context, eventRecord(4), [phaseRow(4, "p-2", "unmerged")]);
      await append(engine, context, eventRecord(5), [phaseRow(5, "p-2", "finished")]);

      expect(await ask(engine, (log) => log.phases(context, undefined))).toEqual([
        {
          id: "p-1",
          name: "plan p-1",
          once: "research#1",
          status: "running",
          startedSequence: 2,
          endedSequence: null,
        },
        { id: "p-2", name: "plan p-2", once: null, status: "finished", startedSequence: 3, endedSequence: 5 },
      ]);
    });

    it("are listed by status, in the order in which they started", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      await append(engine, context, eventRecord(2), [phaseRow(2, "z", "running")]);
      await append(engine, context, eventRecord(3), [phaseRow(3, "b", "running")]);
      await append(engine, context, eventRecord(4), [phaseRow(4, "a", "running")]);
      await append(engine, context, eventRecord(5), [phaseRow(5, "b", "failed")]);

      const ids = async (status: PhaseStatus | undefined) =>
        (await ask(engine, (log) => log.phases(context, status))).map(({ id }) => id);

      expect(await ids("running")).toEqual(["z", "a"]);
      expect(await ids("failed")).toEqual(["b"]);
      expect(await ids("superseded")).toEqual([]);
      expect(await ids(undefined)).toEqual(["z", "b", "a"]);
    });
  });
}

function receiptRow(sequence: number, idempotencyKey: string, outcome: string | null): ReceiptRow {
  return { table: "receipts", idempotencyKey, sequence, command: `digest of ${idempotencyKey}`, outcome };
}

function phaseRow(sequence: number, id: string, status: PhaseStatus, once: string | null = null): PhaseRow {
  return { table: "phases", id, name: `plan ${id}`, once, status, sequence };
}
