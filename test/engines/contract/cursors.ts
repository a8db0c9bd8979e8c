import { describe, expect, it } from "vitest";
import type { CursorListing, CursorRow } from "../../../src/core/cursor.js";
import { wait } from "../../../src/program/program.js";
import { append, ask, createContext, type OpenEngine, write } from "../../support/engine-programs.js";
import { eventRecord } from "../../support/event-records.js";

export function cursorsContract(open: OpenEngine): void {
  describe("cursors", () => {
    it("are kept by name, the newest in the place of an older one", async () => {
      const engine = open();
      const [one, two] = [await createContext(engine, "one"), await createContext(engine, "two")];

      await save(engine, one, cursor("words", 1));
      await save(engine, one, cursor("words", 2));
      await save(engine, one, cursor("__proto__", 7));

      expect(await ask(engine, (log) => log.cursor(one, "words"))).toEqual(cursor("words", 2));
      expect(await ask(engine, (log) => log.cursor(two, "words"))).toBeUndefined();
      const listed = [listing("__proto__", 7), listing("words", 2)];
      expect(await ask(engine, (log) => log.cursors(one))).toEqual(listed);
      expect(await ask(engine, (log) => log.cursors(two))).toEqual([]);
    });

    it("are listed by code points", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");

      for (const name of ["😀", "\uffee", "b", "", "a"]) await save(engine, context, cursor(name, 1));

      const listed = await ask(engine, (log) => log.cursors(context));
      expect(listed.map(({ name }) => name)).toEqual(["", "a", "b", "\uffee", "😀"]);
    });

    it("are removed one by one, or all of a context", async () => {
      const engine = open();
      const [one, two] = [await createContext(engine, "one"), await createContext(engine, "two")];
      for (const name of ["a", "b", "c"]) await save(engine, one, cursor(name, 1));
      await save(engine, two, cursor("a", 1));
      const remove = (name: string) =>
        write(engine, function* (log) {
          return yield* wait(log.removeCursor(one, name));
        });

      expect([await remove("a"), await remove("a")]).toEqual([true, false]);
      expect((await ask(engine, (log) => log.cursors(one))).map(({ name }) => name)).toEqual(["b", "c"]);
      await write(engine, function* (log) {
        yield* wait(log.removeCursors(one));
      });
      expect(await ask(engine, (log) => log.cursors(one))).toEqual([]);
      expect(await ask(engine, (log) => log.cursors(two))).toHaveLength(1);
    });

    it("are as they were when their transaction fails", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      await save(engine, context, cursor("words", 1));

      const failing = write(engine, function* (log) {
        yield* wait(log.saveCursor(context, cursor("words", 2)));
        yield* wait(log.saveCursor(context, cursor("more", 2)));
        throw new Error("enough");
      });

      await expect(failing).rejects.toThrow("enough");
      expect(await ask(engine, (log) => log.cursor(context, "words"))).toEqual(cursor("words", 1));
      expect(await ask(engine, (log) => log.cursors(context))).toHaveLength(1);
    });

    it("outlive a rebuild, and go with their context", async () => {
      const engine = open();
      const [gone, kept] = [await createContext(engine, "gone"), await createContext(engine, "kept")];
      await append(engine, kept, eventRecord(2));
      for (const context of [gone, kept]) await save(engine, context, cursor("words", 1));

      await write(engine, function* (log) {
        yield* wait(log.clearProjections());
        yield* wait(log.differences());
      });
      expect(await ask(engine, (log) => log.cursors(gone))).toHaveLength(1);
      await write(engine, function* (log) {
        yield* wait(log.removeContext(gone));
        yield* wait(log.keepForForks(kept, 1));
      });

      expect(await ask(engine, (log) => log.cursors(gone))).toEqual([]);
      expect(await ask(engine, (log) => log.cursors(kept))).toEqual([]);
    });
  });
}

function cursor(name: string, sequence: number): CursorRow {
  return { ...listing(name, sequence), value: `{"é":${sequence}}` };
}

function listing(name: string, sequence: number): CursorListing {
  return { name, sequence, hash: sequence.toString(16).padStart(64, "a"), updatedAt: 1_000 * sequence };
}

async function save(engine: ReturnType<OpenEngine>, context: number, row: CursorRow): Promise<void> {
  await write(engine, function* (log) {
    yield* wait(log.saveCursor(context, row));
  });
}
