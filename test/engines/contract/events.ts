import { describe, expect, it } from "vitest";
import { storeStream } from "../../../src/core/event.js";
import { wait } from "../../../src/program/program.js";
import { append, ask, createContext, type OpenEngine, write } from "../../support/engine-programs.js";
import { eventRecord } from "../../support/event-records.js";

export function eventsContract(open: OpenEngine): void {
  appending(open);
  reading(open);
}

function appending(open: OpenEngine): void {
  describe("appending", () => {
    it("gives every part of an event back as it was", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      const full = eventRecord(2, {
        type: "phase_finished",
        actor: "planner",
        cause: "run-0#7",
        phase: "p-1",
        batch: "b-1",
        tags: { trace: "t", "": "empty", __proto__x: "\u0000" },
        idempotencyKey: "once",
        recordedAt: 1_700_000_000_123,
        hash: "ab".repeat(32),
      });

      await append(engine, context, full);
      await append(engine, context, eventRecord(3));

      const page = { order: "oldest", after: 1, limit: 2 } as const;
      expect(await ask(engine, (log) => log.events(context, page))).toEqual([full, eventRecord(3)]);
    });

    it.each([
      ["NUL and other controls", '"a\u0000b\u0001\u007f"'],
      ["a lone surrogate's escape", String.raw`{"a":"\ud800"}`],
      ["astral characters", '"😀 𝒜 \u{10ffff}"'],
      ["a byte order mark and line separators", "\ufeff\u2028\u2029"],
      ["a megabyte", JSON.stringify("é".repeat(500_000))],
      ["nothing", ""],
    ])("keeps a payload with %s", async (_, payload) => {
      const engine = open();
      const context = await createContext(engine, "run-1");

      await append(engine, context, eventRecord(2, { payload }));

      expect((await ask(engine, (log) => log.head(context)))?.payload === payload).toBe(true);
    });

    it("keeps what it was given when the giver changes it later", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      const tags = { trace: "before" };

      await append(engine, context, eventRecord(2, { tags }));
      tags.trace = "after";

      expect((await ask(engine, (log) => log.head(context)))?.tags).toEqual({ trace: "before" });
    });

    it("gives growing positions, whatever the context", async () => {
      const engine = open();
      const [one, two] = [await createContext(engine, "one"), await createContext(engine, "two")];

      const positions = [
        await append(engine, two, eventRecord(2)),
        await append(engine, one, eventRecord(2)),
        await append(engine, storeStream, eventRecord(1)),
        await append(engine, two, eventRecord(3)),
      ];

      expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
    });

    it("never gives a position again after the context with the newest events was removed", async () => {
      const engine = open();
      const [kept, removed] = [await createContext(engine, "kept"), await createContext(engine, "removed")];
      const newest = await append(engine, removed, eventRecord(2));

      // The store's own stream tells of a removal in the same transaction, which keeps the number taken.
      const told = await write(engine, function* (log) {
        const position = yield* wait(
          log.append(storeStream, eventRecord(1, { type: "context_deleted" }), []),
        );
        yield* wait(log.removeContext(removed));
        return position;
      });
      const next = await append(engine, kept, eventRecord(2));

      expect([newest < told, told < next]).toEqual([true, true]);
    });

    it("refuses a second event of one number", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      await append(engine, context, eventRecord(2, { actor: "first" }));

      await expect(append(engine, context, eventRecord(2, { actor: "second" }))).rejects.toThrow();

      expect((await ask(engine, (log) => log.head(context)))?.actor).toBe("first");
    });

    it("refuses an event of a context that is not there", async () => {
      const engine = open();

      await expect(append(engine, 7, eventRecord(1))).rejects.toThrow();

      expect(await ask(engine, (log) => log.head(7))).toBeUndefined();
    });
  });
}

function reading(open: OpenEngine): void {
  describe("reading events of one type", () => {
    it("passes over all others, in either order", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      for (const sequence of [2, 3, 4, 5, 6]) {
        const type = sequence % 2 === 0 ? "value_set" : "snapshot_taken";
        await append(engine, context, eventRecord(sequence, { type }));
      }
      const asked = async (order: "oldest" | "newest", after: number | undefined, limit: number) =>
        (await ask(engine, (log) => log.events(context, { order, after, limit, type: "value_set" }))).map(
          ({ sequence }) => sequence,
        );

      expect(await asked("oldest", undefined, 2)).toEqual([2, 4]);
      expect(await asked("oldest", 2, 9)).toEqual([4, 6]);
      expect(await asked("newest", undefined, 2)).toEqual([6, 4]);
      expect(await asked("newest", 5, 9)).toEqual([4, 2]);
    });
  });

  describe("reading events", () => {
    it("knows the newest event, or none", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      await append(engine, context, eventRecord(2));

      expect(await ask(engine, (log) => log.head(context))).toEqual(eventRecord(2));
      expect(await ask(engine, (log) => log.head(storeStream))).toBeUndefined();
      expect(await ask(engine, (log) => log.head(99))).toBeUndefined();
    });

    it("gives an event without its payload", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      const full = eventRecord(2, { actor: "planner", cause: "run-0#7", tags: { trace: "t" } });
      await append(engine, context, full);

      const header = await ask(engine, (log) => log.header(context, 2));

      expect({ ...header, payload: full.payload, hash: full.hash }).toEqual(full);
      expect(header).not.toHaveProperty("payload");
      expect(await ask(engine, (log) => log.header(context, 3))).toBeUndefined();
    });

    it("stamps an event with its version and time", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      await append(engine, context, eventRecord(2, { version: 5, recordedAt: 77 }));

      const stamp = await ask(engine, (log) => log.stamp(context, 2));

      expect(stamp).toEqual({ sequence: 2, version: 5, recordedAt: 77 });
      expect(await ask(engine, (log) => log.stamp(context, 3))).toBeUndefined();
      expect(await ask(engine, (log) => log.stamp(context, 0))).toBeUndefined();
    });

    it("finds payloads by number, with their stamps, and leaves out those that are not there", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      for (const sequence of [2, 3, 4]) await append(engine, context, eventRecord(sequence));

      const found = await ask(engine, (log) => log.payloads(context, [4, 9, 2]));

      const expected = [2, 4].map((sequence) => {
        const { version, recordedAt, payload } = eventRecord(sequence);
        return { sequence, version, recordedAt, payload };
      });
      expect([...found].sort((a, b) => a.sequence - b.sequence)).toEqual(expected);
      expect(await ask(engine, (log) => log.payloads(context, []))).toEqual([]);
    });

    it.each([
      ["oldest", undefined, 3, [1, 2, 3]],
      ["oldest", 0, 2, [1, 2]],
      ["oldest", 3, 2, [4, 5]],
      ["oldest", 6, 5, [7]],
      ["oldest", 7, 5, []],
      ["newest", undefined, 3, [7, 6, 5]],
      ["newest", 5, 2, [4, 3]],
      ["newest", 3, 5, [2, 1]],
      ["newest", 1, 5, []],
      ["newest", 99, 1, [7]],
      ["oldest", undefined, 0, []],
    ] as const)("pages from the %s, after %s, at most %s", async (order, after, limit, expected) => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      for (let sequence = 2; sequence <= 7; sequence += 1)
        await append(engine, context, eventRecord(sequence));

      const page = await ask(engine, (log) => log.events(context, { order, after, limit }));

      expect(page.map(({ sequence }) => sequence)).toEqual(expected);
    });

    it("keeps the events of contexts apart", async () => {
      const engine = open();
      const [one, two] = [await createContext(engine, "one"), await createContext(engine, "two")];
      await append(engine, one, eventRecord(2, { actor: "of one" }));
      await append(engine, two, eventRecord(2, { actor: "of two" }));

      const events = await ask(engine, (log) => log.events(one, { order: "oldest", after: 1, limit: 9 }));

      expect(events.map(({ actor }) => actor)).toEqual(["of one"]);
    });
  });
}
