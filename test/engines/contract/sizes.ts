import { describe, expect, it } from "vitest";
import { append, ask, createContext, type OpenEngine } from "../../support/engine-programs.js";
import { deleteRows, eventRecord, setRows } from "../../support/event-records.js";

export function sizesContract(open: OpenEngine): void {
  describe("sizes", () => {
    it("are bytes in UTF-8, the largest key first, keys that are gone included", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      const [first] = await ask(engine, (log) => log.payloads(context, [1]));
      await append(engine, context, eventRecord(2, { payload: "é" }), setRows(2, "small", { value: "1" }));
      await append(
        engine,
        context,
        eventRecord(3, { payload: "😀" }),
        setRows(3, "large", { value: '"é😀"' }),
      );
      await append(engine, context, eventRecord(4, { payload: "" }), setRows(4, "gone"));
      await append(engine, context, eventRecord(5, { payload: "" }), deleteRows(5, "gone"));
      await append(
        engine,
        context,
        eventRecord(6, { payload: "" }),
        setRows(6, "guard", { scope: "protection", value: null }),
      );

      expect(await ask(engine, (log) => log.sizes(context))).toEqual({
        events: 6,
        eventBytes: first!.payload.length + 2 + 4,
        keys: [
          { scope: "persistent", key: "large", bytes: 8, changes: 1, eventBytes: 0 },
          { scope: "persistent", key: "small", bytes: 1, changes: 1, eventBytes: 0 },
          { scope: "persistent", key: "gone", bytes: 0, changes: 2, eventBytes: 0 },
          { scope: "protection", key: "guard", bytes: 0, changes: 1, eventBytes: 0 },
        ],
      });
    });

    it("are nothing for a context that is not there", async () => {
      const engine = open();

      expect(await ask(engine, (log) => log.sizes(9))).toEqual({ events: 0, eventBytes: 0, keys: [] });
    });

    it("of keys count what the effects of events take, as they are written", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      const effects = [
        { op: "set", scope: "persistent", key: "é", value: ["😀", 1.5, null], salt: "abcdefghijkl" },
        { op: "delete", scope: "ephemeral", key: "é" },
      ];
      const payload = JSON.stringify({ format: 1, effects, details: {} });
      const rows = [...setRows(2, "é"), ...deleteRows(2, "é", "ephemeral")];
      await append(engine, context, eventRecord(2, { payload }), rows);
      await append(engine, context, eventRecord(3, { payload }), setRows(3, "é"));

      const { keys } = await ask(engine, (log) => log.sizes(context));

      const bytes = effects.map((effect) => Buffer.byteLength(JSON.stringify(effect)));
      expect(keys.map(({ scope, eventBytes }) => [scope, eventBytes])).toEqual([
        ["persistent", 2 * bytes[0]!],
        ["ephemeral", 2 * bytes[1]!],
      ]);
    });

    it("of events are told by type and age, of one context or of all", async () => {
      const engine = open();
      const [one, two] = [await createContext(engine, "run-1"), await createContext(engine, "run-2")];
      const record = (sequence: number, recordedAt: number, payload: string) =>
        eventRecord(sequence, { recordedAt, payload });
      await append(engine, one, record(2, 2_000, "é"), []);
      await append(engine, one, record(3, 3_000, "abc"), []);
      await append(engine, two, record(2, 4_000, "abcd"), []);
      const times = [4_000, 3_000, 2_500] as const;
      const told = async (context: number | undefined) => {
        const kinds = await ask(engine, (log) => log.eventSizes(context, times));
        return kinds
          .filter(({ type }) => type === "value_set")
          .map(({ age, events, eventBytes }) => [age, events, eventBytes]);
      };

      expect(await told(one)).toEqual([
        [1, 1, 3],
        [3, 1, 2],
      ]);
      expect(await told(undefined)).toEqual([
        [0, 1, 4],
        [1, 1, 3],
        [3, 1, 2],
      ]);
      expect(await told(9)).toEqual([]);
    });

    it("of events are told up to one, and of contexts the largest first", async () => {
      const engine = open();
      const [one, two] = [await createContext(engine, "run-1"), await createContext(engine, "run-2")];
      const [first] = await ask(engine, (log) => log.payloads(one, [1]));
      const own = Buffer.byteLength(first!.payload);
      await append(engine, one, eventRecord(2, { payload: "é" }), []);
      await append(engine, two, eventRecord(2, { payload: "x".repeat(90) }), []);

      expect(await ask(engine, (log) => log.eventsUpTo(one, 0))).toEqual({ events: 0, eventBytes: 0 });
      expect(await ask(engine, (log) => log.eventsUpTo(one, 1))).toEqual({ events: 1, eventBytes: own });
      expect(await ask(engine, (log) => log.eventsUpTo(one, 9))).toEqual({ events: 2, eventBytes: own + 2 });
      const contexts = await ask(engine, (log) => log.contextSizes(5));
      expect(contexts.map(({ context, events }) => [context, events])).toEqual([
        ["run-2", 2],
        ["run-1", 2],
      ]);
      expect(await ask(engine, (log) => log.contextSizes(1))).toEqual(contexts.slice(0, 1));
    });

    it("of the whole store cover what is stored", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      await append(engine, context, eventRecord(2, { payload: "x".repeat(1_000_000) }), setRows(2, "a"));

      const { bytes, logBytes, derivedBytes, freeBytes } = await ask(engine, (log) => log.storeSizes());

      expect(logBytes).toBeGreaterThan(1_000_000);
      expect(derivedBytes).toBeGreaterThan(0);
      expect(logBytes + derivedBytes + freeBytes).toBeLessThanOrEqual(bytes);
    });
  });
}
