import { describe, expect, it } from "vitest";
import { storeStream } from "../../../src/core/event.js";
import type { Engine, LogPage } from "../../../src/engines/engine.js";
import { wait } from "../../../src/program/program.js";
import { append, ask, createContext, type OpenEngine, write } from "../../support/engine-programs.js";
import { eventRecord, nameRow } from "../../support/event-records.js";

export function logOrderContract(open: OpenEngine): void {
  describe("reading the whole log in order", () => {
    it("gives the events of all contexts, and the store's own, with their places and present names", async () => {
      const engine = open();
      const { one, two, positions } = await interleaved(engine);
      await append(engine, one, eventRecord(4, { type: "context_renamed" }), [nameRow("renamed")]);

      const { events } = await read(engine, positions[2]!);

      expect(events.slice(0, -1)).toEqual([
        { ...eventRecord(2), position: positions[3], context: two, name: "two" },
        { ...eventRecord(1), position: positions[4], context: storeStream, name: "" },
        { ...eventRecord(3), position: positions[5], context: one, name: "renamed" },
      ]);
      expect(events.at(-1)).toMatchObject({ sequence: 4, name: "renamed" });
    });

    it("knows the position of the newest event, or 0", async () => {
      const engine = open();
      const before = await ask(engine, (log) => log.lastPosition());

      const { positions } = await interleaved(engine);

      expect([before, await ask(engine, (log) => log.lastPosition())]).toEqual([0, positions.at(-1)]);
    });

    it("goes on behind what a page looked at, until the newest", async () => {
      const engine = open();
      await interleaved(engine);
      const whole = await read(engine, 0);
      const last = await ask(engine, (log) => log.lastPosition());

      for (const context of [undefined, whole.events[0]!.context]) {
        const found: number[] = [];
        let position = 0;
        for (let pages = 0; position < last && pages < 20; pages += 1) {
          const page = await read(engine, position, { context, limit: 2 });
          found.push(...page.events.map((event) => event.position));
          position = page.upTo;
        }
        const wanted = whole.events.filter((event) => context === undefined || event.context === context);
        expect(found).toEqual(wanted.map((event) => event.position));
        expect(await read(engine, position, { context })).toEqual({ events: [], upTo: last });
      }
    });

    it("finds nothing behind a position that is still to come", async () => {
      const engine = open();
      const { one } = await interleaved(engine);

      expect(await read(engine, 1_000)).toEqual({ events: [], upTo: 1_000 });
      expect(await read(engine, 1_000, { context: one })).toEqual({ events: [], upTo: 1_000 });
    });

    it("ends a page with the event that makes it long enough", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      for (const sequence of [2, 3, 4])
        await append(engine, context, eventRecord(sequence, { payload: "x".repeat(10) }));
      const start = (await read(engine, 0)).events[0]!.position;

      for (const only of [undefined, context]) {
        const page = await read(engine, start, { context: only, characters: 15 });
        expect(page.events.map(({ sequence }) => sequence)).toEqual([2, 3]);
        expect(page.upTo).toBe(page.events.at(-1)!.position);
      }
    });

    it.each([
      ["of one context", ({ one }) => ({ context: one }), ["one 1", "one 2", "one 3"]],
      ["of contexts whose name fits", () => ({ names: "t*" }), ["two 1", "two 2"]],
      [
        "of any name, but not the store's",
        () => ({ names: "*" }),
        ["one 1", "two 1", "one 2", "two 2", "one 3"],
      ],
      ["of one type", () => ({ types: ["snapshot_taken"] }), ["one 2"]],
      [
        "of some types",
        () => ({ types: ["snapshot_taken", "context_created"] }),
        ["one 1", "two 1", "one 2"],
      ],
      ["of no type", () => ({ types: [] }), []],
      ["of one actor", () => ({ actor: "ada" }), ["one 2", " 1"]],
      ["of one context and type", ({ two }) => ({ context: two, types: ["snapshot_taken"] }), []],
      ["of one context and actor", ({ one }) => ({ context: one, actor: "ada" }), ["one 2"]],
    ] as readonly (readonly [string, (made: { one: number; two: number }) => Partial<LogPage>, string[]])[])(
      "passes over all but those %s",
      async (_, only, expected) => {
        const engine = open();
        const made = await interleaved(engine, { type: "snapshot_taken", actor: "ada" });

        const { events, upTo } = await read(engine, 0, only(made));

        expect(events.map(({ name, sequence }) => `${name} ${sequence}`)).toEqual(expected);
        expect(upTo).toBe(made.positions.at(-1));
      },
    );

    it("has a gap where a context was removed, and goes on behind it", async () => {
      const engine = open();
      const { one, two, positions } = await interleaved(engine);

      await write(engine, function* (log) {
        yield* wait(log.append(storeStream, eventRecord(2, { type: "context_deleted" }), []));
        yield* wait(log.removeContext(one));
      });

      const places = (await read(engine, 0)).events.map(({ context, sequence }) => [context, sequence]);
      expect(places).toEqual([
        [two, 1],
        [two, 2],
        [storeStream, 1],
        [storeStream, 2],
      ]);
      expect((await read(engine, positions[4]!, { limit: 1 })).events).toMatchObject([{ sequence: 2 }]);
    });

    it("leaves out what is kept of a deleted context for its forks alone", async () => {
      const engine = open();
      const { one, two, positions } = await interleaved(engine);

      await write(engine, (log) => wait(log.keepForForks(one, 2)));

      for (const names of [undefined, "*"]) {
        const { events, upTo } = await read(engine, 0, { names });
        expect(events.filter(({ context }) => context > 0).map(({ context }) => context)).toEqual([two, two]);
        expect(upTo).toBeGreaterThanOrEqual(positions[4]!);
      }
      expect((await read(engine, 0, { context: one })).events).toEqual([]);
    });

    it("keeps nothing of what was rolled back", async () => {
      const engine = open();
      const { one, positions } = await interleaved(engine);

      const failing = write(engine, function* (log) {
        yield* wait(log.append(one, eventRecord(4), []));
        yield* wait(log.removeContext(one));
        throw new Error("changed my mind");
      });

      await expect(failing).rejects.toThrow("changed my mind");
      const { events, upTo } = await read(engine, 0);
      expect(events.map(({ position }) => position)).toEqual(positions);
      expect(upTo).toBe(positions.at(-1));
    });
  });
}

/** Two contexts and the store's stream, whose events take turns. */
async function interleaved(
  engine: Engine,
  second: Parameters<typeof eventRecord>[1] = {},
): Promise<{ one: number; two: number; positions: number[] }> {
  const [one, two] = [await createContext(engine, "one"), await createContext(engine, "two")];
  const { actor = null } = second;
  await append(engine, one, eventRecord(2, second));
  await append(engine, two, eventRecord(2));
  await append(engine, storeStream, eventRecord(1, { actor }));
  await append(engine, one, eventRecord(3));
  const { events } = await read(engine, 0);
  return { one, two, positions: events.map(({ position }) => position) };
}

function read(engine: Engine, position: number, page: Partial<LogPage> = {}) {
  return ask(engine, (log) => log.eventsAfter(position, { limit: 500, characters: 1_000_000, ...page }));
}
