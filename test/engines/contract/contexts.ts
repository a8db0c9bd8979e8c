import { describe, expect, it } from "vitest";
import { storeStream } from "../../../src/core/event.js";
import { wait } from "../../../src/program/program.js";
import { append, ask, createContext, type OpenEngine, write } from "../../support/engine-programs.js";
import { eventRecord, nameRow, setRows } from "../../support/event-records.js";

export function contextsContract(open: OpenEngine): void {
  describe("contexts", () => {
    it("are found by name", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1", 123);

      expect(await ask(engine, (log) => log.findContext("run-1"))).toEqual({
        context,
        name: "run-1",
        createdAt: 123,
        parent: null,
        forkSequence: 0,
        keptSequence: null,
        floorSequence: 0,
      });
      expect(await ask(engine, (log) => log.findContext("run-2"))).toBeUndefined();
      expect(await ask(engine, (log) => log.hasContext(context))).toBe(true);
      expect(await ask(engine, (log) => log.hasContext(context + 1))).toBe(false);
      expect(await ask(engine, (log) => log.contextName(context))).toBe("run-1");
      expect(await ask(engine, (log) => log.contextName(context + 1))).toBeUndefined();
    });

    it.each(["__proto__", "constructor", "😀", "a'b\"c`d", " ", "x".repeat(512)])(
      "may be called %j",
      async (name) => {
        const engine = open();
        const context = await createContext(engine, name);

        expect((await ask(engine, (log) => log.findContext(name)))?.context).toBe(context);
      },
    );

    it("have names that only one can have", async () => {
      const engine = open();
      const [one, two] = [await createContext(engine, "one"), await createContext(engine, "two")];

      await expect(createContext(engine, "one")).rejects.toThrow();
      await expect(append(engine, two, eventRecord(2), [nameRow("one")])).rejects.toThrow();

      expect((await ask(engine, (log) => log.findContext("one")))?.context).toBe(one);
      expect((await ask(engine, (log) => log.findContext("two")))?.context).toBe(two);
    });

    it("remember where they were forked, and know their ancestors and forks", async () => {
      const engine = open();
      const root = await createContext(engine, "root");
      const child = await fork(engine, "child", { parent: root, sequence: 3 });
      const grandchild = await fork(engine, "grandchild", { parent: child, sequence: 5 });
      const sibling = await fork(engine, "sibling", { parent: root, sequence: 1 });

      const line = await ask(engine, (log) => log.lineage(grandchild));
      expect(line.map(({ context, parent, forkSequence }) => [context, parent, forkSequence])).toEqual([
        [grandchild, child, 5],
        [child, root, 3],
        [root, null, 0],
      ]);
      const forks = await ask(engine, (log) => log.forksOf(root));
      expect(forks.map(({ context }) => context)).toEqual([child, sibling]);
      expect(await ask(engine, (log) => log.lineage(sibling + 1))).toEqual([]);
    });

    it("may begin in the midst of a history that is not here", async () => {
      const engine = open();
      const late = await fork(engine, "late", { parent: null, sequence: 16 });

      const line = await ask(engine, (log) => log.lineage(late));

      expect(line.map(({ context, parent, forkSequence }) => [context, parent, forkSequence])).toEqual([
        [late, null, 16],
      ]);
    });

    it("are renamed by a row, and their old name is free again", async () => {
      const engine = open();
      const context = await createContext(engine, "before", 123);

      await append(engine, context, eventRecord(2), [nameRow("after")]);

      const renamed = {
        context,
        name: "after",
        createdAt: 123,
        parent: null,
        forkSequence: 0,
        keptSequence: null,
        floorSequence: 0,
      };
      expect(await ask(engine, (log) => log.findContext("after"))).toEqual(renamed);
      expect(await ask(engine, (log) => log.contextName(context))).toBe("after");
      expect(await ask(engine, (log) => log.findContext("before"))).toBeUndefined();
      expect(await createContext(engine, "before")).not.toBe(context);
    });

    it("may be renamed to what they are called", async () => {
      const engine = open();
      const context = await createContext(engine, "same");

      await append(engine, context, eventRecord(2), [nameRow("same")]);

      expect((await ask(engine, (log) => log.findContext("same")))?.context).toBe(context);
    });

    it("leave with all that is theirs, and only with that", async () => {
      const engine = open();
      const [kept, removed] = [await createContext(engine, "kept"), await createContext(engine, "removed")];
      await append(engine, kept, eventRecord(2), setRows(2, "key"));
      await append(engine, removed, eventRecord(2, { idempotencyKey: "once" }), [
        ...setRows(2, "key"),
        { table: "phases", id: "p", name: "plan", once: null, status: "running", sequence: 2 },
        { table: "receipts", idempotencyKey: "once", sequence: 2, command: "c", outcome: null },
      ]);

      await remove(engine, removed);

      expect(await everythingOf(engine, removed)).toEqual({
        is: false,
        events: 0,
        current: 0,
        keys: 0,
        phases: 0,
      });
      expect(await ask(engine, (log) => log.findContext("removed"))).toBeUndefined();
      expect(await ask(engine, (log) => log.receipt(removed, "once"))).toBeUndefined();
      expect(await everythingOf(engine, kept)).toEqual({
        is: true,
        events: 2,
        current: 1,
        keys: 1,
        phases: 0,
      });
    });

    it("have numbers that are never used again", async () => {
      const engine = open();
      const used = [await createContext(engine, "a"), await createContext(engine, "b")];
      for (const context of used) await remove(engine, context);

      const again = [await createContext(engine, "a"), await createContext(engine, "b")];

      expect(new Set([storeStream, ...used, ...again]).size).toBe(5);
    });

    it("are counted, without the store's own stream", async () => {
      const engine = open();
      const before = await ask(engine, (log) => log.countContexts());
      const contexts = [await createContext(engine, "a"), await createContext(engine, "b")];
      await remove(engine, contexts[0]!);

      expect([before, await ask(engine, (log) => log.countContexts())]).toEqual([0, 1]);
    });

    it("begin with the store's own stream, which has no name", async () => {
      const engine = open();

      await append(engine, storeStream, eventRecord(1, { type: "context_deleted" }));

      expect(await ask(engine, (log) => log.hasContext(storeStream))).toBe(true);
      expect(await ask(engine, (log) => log.findContext(""))).toBeUndefined();
      expect((await ask(engine, (log) => log.head(storeStream)))?.type).toBe("context_deleted");
    });
  });
}

async function fork(
  engine: ReturnType<OpenEngine>,
  name: string,
  origin: { parent: number | null; sequence: number },
): Promise<number> {
  return await write(engine, function* (log) {
    return yield* wait(log.createContext({ name, createdAt: 1_000, fork: origin }));
  });
}

async function remove(engine: ReturnType<OpenEngine>, context: number): Promise<void> {
  await write(engine, function* (log) {
    yield* wait(log.removeContext(context));
  });
}

async function everythingOf(engine: ReturnType<OpenEngine>, context: number): Promise<object> {
  return {
    is: await ask(engine, (log) => log.hasContext(context)),
    events: (
      await ask(engine, (log) => log.events(context, { order: "oldest", after: undefined, limit: 99 }))
    ).length,
    current: (await ask(engine, (log) => log.current(context))).length,
    keys: (await ask(engine, (log) => log.keysAt(context, "persistent", 99))).length,
    phases: (await ask(engine, (log) => log.phases(context, undefined))).length,
  };
}
