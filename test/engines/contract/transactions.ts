import { describe, expect, it } from "vitest";
import type { Engine, WritableLog } from "../../../src/engines/engine.js";
import { type Program, wait } from "../../../src/program/program.js";
import {
  append,
  ask,
  createContext,
  createNamed,
  type OpenEngine,
  write,
} from "../../support/engine-programs.js";
import { deleteRows, eventRecord, nameRow, setRows } from "../../support/event-records.js";

export function transactionsContract(open: OpenEngine): void {
  rollingBack(open);
  nesting(open);
  closing(open);
}

function rollingBack(open: OpenEngine): void {
  describe("a transaction that throws", () => {
    it("leaves nothing: no event, row, context or name", async () => {
      const engine = open();
      const context = await createContext(engine, "kept");
      const removed = await createContext(engine, "removed");
      await append(engine, context, eventRecord(2), [...setRows(2, "a"), ...setRows(2, "b")]);
      const before = await portrait(engine, [context, removed]);

      const failing = write(engine, function* (log) {
        yield* wait(
          log.append(context, eventRecord(3), [...deleteRows(3, "a"), nameRow("renamed"), ...runRows(3)]),
        );
        yield* wait(log.append(context, eventRecord(4), setRows(4, "c")));
        yield* createNamed(log, "kept");
        yield* wait(log.removeContext(removed));
        yield* createNamed(log, "removed");
        throw new Error("changed my mind");
      });

      await expect(failing).rejects.toThrow("changed my mind");
      expect(await portrait(engine, [context, removed])).toEqual(before);
    });

    it("rolls back from any depth, and passes the error on", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      const failure = new Error("from below");

      const failing = write(engine, function* (log) {
        yield* wait(log.append(context, eventRecord(2), []));
        yield* appendThenThrow(log, context, failure);
      });

      await expect(failing).rejects.toBe(failure);
      expect((await ask(engine, (log) => log.head(context)))?.sequence).toBe(1);
    });

    it("does not stop the next one", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");

      await expect(append(engine, context, eventRecord(1))).rejects.toThrow();
      await append(engine, context, eventRecord(2));

      expect((await ask(engine, (log) => log.head(context)))?.sequence).toBe(2);
    });

    it("lets its work catch a refusal and go on", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");

      await write(engine, function* (log) {
        try {
          yield* wait(log.append(context, eventRecord(1), []));
        } catch {
          yield* wait(log.append(context, eventRecord(2), []));
        }
      });

      expect((await ask(engine, (log) => log.head(context)))?.sequence).toBe(2);
    });
  });
}

function nesting(open: OpenEngine): void {
  describe("a transaction", () => {
    it("sees what it has written", async () => {
      const engine = open();

      const seen = await write(engine, function* (log) {
        const context = yield* createNamed(log, "run-1");
        yield* wait(log.append(context, eventRecord(2), [...setRows(2, "a"), ...runRows(2)]));
        const found = yield* wait(log.findContext("run-1"));
        const head = yield* wait(log.head(context));
        const current = yield* wait(log.current(context));
        const phases = yield* wait(log.phases(context, "running"));
        const receipt = yield* wait(log.receipt(context, "once"));
        return [found?.context === context, head?.sequence, current.length, phases.length, receipt?.sequence];
      });

      expect(seen).toEqual([true, 2, 1, 1, 2]);
    });

    it("gives what its work gives", async () => {
      const engine = open();

      expect(await write(engine, () => nothingButA(7))).toBe(7);
      expect(await engine.run(engine.read(() => nothingButA("seven")))).toBe("seven");
    });

    it.each(["write", "read"] as const)("refuses a %s inside it", async (verb) => {
      const engine = open();
      const context = await createContext(engine, "run-1");

      const failing = write(engine, function* (log) {
        yield* wait(log.append(context, eventRecord(2), []));
        yield* engine[verb](() => nothingButA(1));
      });

      await expect(failing).rejects.toMatchObject({ code: "BATCH_UNSUPPORTED" });
      expect((await ask(engine, (log) => log.head(context)))?.sequence).toBe(1);
    });

    it("does not move the mark that tells of other writers", async () => {
      const engine = open();
      const before = await ask(engine, (log) => log.changeMark());

      await createContext(engine, "run-1");

      expect(await ask(engine, (log) => log.changeMark())).toBe(before);
    });
  });
}

function closing(open: OpenEngine): void {
  describe("closing", () => {
    it("may be done twice", async () => {
      const engine = open();

      await engine.close();
      await engine.close();

      await expect(write(engine, () => nothingButA(1))).rejects.toMatchObject({ code: "STORE_CLOSED" });
    });

    it("ends every use", async () => {
      const engine = open();
      await engine.close();

      const closed = { code: "STORE_CLOSED", details: { store: engine.location } };
      await expect(write(engine, () => nothingButA(1))).rejects.toMatchObject(closed);
      await expect(ask(engine, (log) => log.changeMark())).rejects.toMatchObject(closed);
      await expect((async () => await engine.query("SELECT 1", []))()).rejects.toMatchObject(closed);
      await expect((async () => await engine.backup("nowhere"))()).rejects.toMatchObject(closed);
    });
  });
}

function* appendThenThrow(log: WritableLog, context: number, failure: Error): Program<never> {
  yield* wait(log.append(context, eventRecord(3), []));
  throw failure;
}

function* nothingButA<Result>(result: Result): Program<Result> {
  return yield* wait(result);
}

function runRows(sequence: number) {
  return [
    { table: "phases", id: "p", name: "plan", once: null, status: "running", sequence },
    { table: "receipts", idempotencyKey: "once", sequence, command: "c", outcome: null },
  ] as const;
}

/** All that an engine tells of some contexts and their names. */
async function portrait(engine: Engine, contexts: readonly number[]): Promise<unknown> {
  const names = ["kept", "removed", "renamed"];
  return {
    names: await Promise.all(names.map((name) => ask(engine, (log) => log.findContext(name)))),
    contexts: await Promise.all(
      contexts.map(async (context) => ({
        events: await ask(engine, (log) =>
          log.events(context, { order: "oldest", after: undefined, limit: 99 }),
        ),
        current: await ask(engine, (log) => log.current(context)),
        changes: await ask(engine, (log) => log.keysAt(context, "persistent", 99)),
        phases: await ask(engine, (log) => log.phases(context, undefined)),
        receipt: await ask(engine, (log) => log.receipt(context, "once")),
        sizes: await ask(engine, (log) => log.sizes(context)),
      })),
    ),
  };
}
