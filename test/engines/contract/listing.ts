import { describe, expect, it } from "vitest";
import type { ContextFilter, ContextListing, Engine } from "../../../src/engines/engine.js";
import { wait } from "../../../src/program/program.js";
import {
  append,
  ask,
  createContext,
  createNamed,
  type OpenEngine,
  write,
} from "../../support/engine-programs.js";
import { eventRecord, setRows } from "../../support/event-records.js";

const everything: ContextFilter = {
  id: undefined,
  metadata: {},
  changedSince: undefined,
  changedBefore: undefined,
  key: undefined,
  after: undefined,
  limit: 100,
};

export function listingContract(open: OpenEngine): void {
  describe("listing contexts", () => {
    it("tells what each one holds", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1", 50);
      await append(engine, context, eventRecord(2, { version: 1, recordedAt: 70 }), [
        ...setRows(2, "goal"),
        ...setRows(2, "step"),
        ...setRows(2, "progress", { scope: "ephemeral" }),
        ...setRows(2, "team", { scope: "metadata", value: '"blue"' }),
        ...setRows(2, "__proto__", { scope: "metadata", value: "2" }),
      ]);

      const [listing] = await list(engine, {});

      const { metadata, ...rest } = listing!;
      expect(rest).toEqual({
        context,
        name: "run-1",
        createdAt: 50,
        parent: null,
        forkSequence: 0,
        keptSequence: null,
        floorSequence: 0,
        version: 1,
        sequence: 2,
        changedAt: 70,
        keys: 2,
      });
      expect(new Map(Object.entries(metadata))).toEqual(
        new Map([
          ["team", '"blue"'],
          ["__proto__", "2"],
        ]),
      );
    });

    it("leaves out the store's own stream and what has no events", async () => {
      const engine = open();
      await write(engine, function* (log) {
        yield* wait(log.append(0, eventRecord(1), []));
        yield* wait(log.createContext({ name: "bare", createdAt: 1 }));
      });

      expect(await list(engine, {})).toEqual([]);
    });

    it("orders names by code points", async () => {
      const names = ["😀", "\uffee", "é", "z", "a", "B", "ab", "a\u0001", "10", "9"];
      const engine = await openWith(open, names);

      expect(await namesOf(engine, {})).toEqual([
        "10",
        "9",
        "B",
        "a",
        "a\u0001",
        "ab",
        "z",
        "é",
        "\uffee",
        "😀",
      ]);
    });

    it("goes on after a name, page by page", async () => {
      const engine = await openWith(open, ["😀", "c", "a", "\uffee", "b"]);

      const first = await namesOf(engine, { limit: 2 });
      const second = await namesOf(engine, { limit: 2, after: first.at(-1) });
      const third = await namesOf(engine, { limit: 2, after: second.at(-1) });

      expect([first, second, third]).toEqual([["a", "b"], ["c", "\uffee"], ["😀"]]);
      expect(await namesOf(engine, { after: "aa", limit: 1 })).toEqual(["b"]);
    });

    it.each([
      ["run-*", ["run-1", "run-12", "run-[x]"]],
      ["run-?", ["run-1"]],
      ["?", ["é", "😀"]],
      ["*[0-9]", ["run-1", "run-12"]],
      ["*[^0-9]", ["RUN-X", "run-[x]", "é", "😀"]],
      ["run-[[]x]", ["run-[x]"]],
      ["*[]]", ["run-[x]"]],
      ["run-1", ["run-1"]],
      ["run", []],
      ["run-[1", []],
      ["[A-Z]*", ["RUN-X"]],
      ["", []],
    ])("matches ids with %j", async (id, expected) => {
      const engine = await openWith(open, ["run-1", "run-12", "run-[x]", "RUN-X", "é", "😀"]);

      expect(await namesOf(engine, { id })).toEqual(expected);
    });

    it("finds what has a key, present and persistent", async () => {
      const engine = await openWith(open, ["persistent", "ephemeral", "none"]);
      await set(engine, "persistent", "goal", {});
      await set(engine, "ephemeral", "goal", { scope: "ephemeral" });

      expect(await namesOf(engine, { key: "goal" })).toEqual(["persistent"]);
      expect(await namesOf(engine, { key: "" })).toEqual([]);
    });

    it("finds what has all of some metadata, by its encoded text", async () => {
      const engine = await openWith(open, ["a", "b", "c"]);
      await set(engine, "a", "team", { scope: "metadata", value: '"blue"' });
      await set(engine, "b", "team", { scope: "metadata", value: '"blue"' }, [
        ...setRows(2, "round", { scope: "metadata", value: "3" }),
      ]);
      await set(engine, "c", "team", { scope: "metadata", value: "1" });

      expect(await namesOf(engine, { metadata: { team: '"blue"' } })).toEqual(["a", "b"]);
      expect(await namesOf(engine, { metadata: { team: '"blue"', round: "3" } })).toEqual(["b"]);
      expect(await namesOf(engine, { metadata: { team: '"1"' } })).toEqual([]);
    });

    it("bounds the time of the last event: at or after, and before", async () => {
      const engine = open();
      for (const time of [10, 20, 30]) await createContext(engine, `at-${time}`, time);

      expect(await namesOf(engine, { changedSince: 20 })).toEqual(["at-20", "at-30"]);
      expect(await namesOf(engine, { changedBefore: 20 })).toEqual(["at-10"]);
      expect(await namesOf(engine, { changedSince: 11, changedBefore: 30 })).toEqual(["at-20"]);
    });

    it("applies all parts of a filter together", async () => {
      const engine = await openWith(open, ["run-1", "run-2", "job-1"]);
      for (const name of ["run-1", "run-2", "job-1"]) await set(engine, name, "goal", {});

      const found = await namesOf(engine, { id: "run-*", key: "goal", after: "run-1", changedSince: 0 });

      expect(found).toEqual(["run-2"]);
    });
  });
}

async function openWith(open: OpenEngine, names: readonly string[]): Promise<Engine> {
  const engine = open();
  await write(engine, function* (log) {
    for (const name of names) yield* createNamed(log, name);
  });
  return engine;
}

async function set(
  engine: Engine,
  name: string,
  key: string,
  details: Parameters<typeof setRows>[2],
  more: ReturnType<typeof setRows>[number][] = [],
): Promise<void> {
  const found = await ask(engine, (log) => log.findContext(name));
  await append(engine, found!.context, eventRecord(2), [...setRows(2, key, details), ...more]);
}

async function list(engine: Engine, filter: Partial<ContextFilter>): Promise<readonly ContextListing[]> {
  return await ask(engine, (log) => log.listContexts({ ...everything, ...filter }));
}

async function namesOf(engine: Engine, filter: Partial<ContextFilter>): Promise<string[]> {
  return (await list(engine, filter)).map(({ name }) => name);
}
