import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Scope } from "../../../src/core/event.js";
import type { EventPage } from "../../../src/engines/engine.js";
import type { KeyChangeRow } from "../../../src/projections/rows.js";
import {
  append,
  ask,
  createContext,
  createNamed,
  type OpenEngine,
  write,
} from "../../support/engine-programs.js";
import { deleteRows, eventRecord, setRows } from "../../support/event-records.js";
import { type History, historyArbitrary, writeHistory } from "../../support/key-histories.js";

export function keysContract(open: OpenEngine): void {
  present(open);
  past(open);
}

function present(open: OpenEngine): void {
  describe("present keys", () => {
    it("come by scope and then as they were created, whatever happened since", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      const [zeta] = setRows(2, "zeta");
      await append(engine, context, eventRecord(2), setRows(2, "zeta"));
      await append(
        engine,
        context,
        eventRecord(3),
        setRows(3, "alpha", { scope: "protection", value: null }),
      );
      await append(engine, context, eventRecord(4), setRows(4, "beta"));
      await append(engine, context, eventRecord(5), setRows(5, "gone"));
      await append(
        engine,
        context,
        eventRecord(6),
        setRows(6, "zeta", { value: "2", created: zeta.created }),
      );
      await append(engine, context, eventRecord(7), deleteRows(7, "gone"));
      await append(engine, context, eventRecord(8), setRows(8, "scratch", { scope: "ephemeral" }));

      const rows = await ask(engine, (log) => log.current(context));

      expect(rows.map(({ scope, key, sequence, value }) => [scope, key, sequence, value])).toEqual([
        ["ephemeral", "scratch", 8, "1"],
        ["persistent", "zeta", 6, "2"],
        ["persistent", "beta", 4, "1"],
        ["protection", "alpha", 3, null],
      ]);
      expect(rows[1]).toEqual({
        scope: "persistent",
        key: "zeta",
        created: zeta.created,
        sequence: 6,
        version: 5,
        changedAt: 6_000,
        value: "2",
        bytes: null,
      });
    });

    it("go to the end when they are made anew", async () => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      await append(engine, context, eventRecord(2), setRows(2, "a"));
      await append(engine, context, eventRecord(3), setRows(3, "b"));
      await append(engine, context, eventRecord(4), deleteRows(4, "a"));
      await append(engine, context, eventRecord(5), setRows(5, "a"));

      const rows = await ask(engine, (log) => log.current(context));

      expect(rows.map(({ key }) => key)).toEqual(["b", "a"]);
    });

    it.each(["", "\u0000", "__proto__", "😀", "a.b[0]\"'"])("may be called %j", async (key) => {
      const engine = open();
      const context = await createContext(engine, "run-1");
      const value = JSON.stringify("\u0000é😀");

      await append(engine, context, eventRecord(2), setRows(2, key, { value }));

      expect(await ask(engine, (log) => log.current(context))).toMatchObject([{ key, value }]);
      expect(await ask(engine, (log) => log.keysAt(context, "persistent", 2))).toEqual([setRows(2, key)[1]]);
    });
  });
}

function past(open: OpenEngine): void {
  describe("keys of the past", () => {
    it("are, for each key, its last change up to an event", async () => {
      const engine = open();
      let contexts = 0;

      await fc.assert(
        fc.asyncProperty(historyArbitrary, async (history) => {
          contexts += 1;
          const context = await write(engine, function* (log) {
            const created = yield* createNamed(log, `run-${contexts}`);
            yield* writeHistory(log, created, history);
            return created;
          });

          for (const sequence of [0, 1, 2, Math.ceil(history.length / 2), history.length + 1, 1_000]) {
            for (const scope of ["persistent", "ephemeral", "protection"] as const) {
              const found = await ask(engine, (log) => log.keysAt(context, scope, sequence));
              expect(found).toEqual(naiveKeysAt(history, scope, sequence));
            }
          }
        }),
        { numRuns: 40 },
      );
    });

    it("have changes that come page by page, in either order", async () => {
      const engine = open();
      let contexts = 0;

      await fc.assert(
        fc.asyncProperty(
          historyArbitrary,
          fc.nat(30),
          fc.integer({ min: 1, max: 4 }),
          async (history, after, limit) => {
            contexts += 1;
            const context = await write(engine, function* (log) {
              const created = yield* createNamed(log, `run-${contexts}`);
              yield* writeHistory(log, created, history);
              return created;
            });

            for (const scope of ["persistent", "protection"] as const) {
              const all = naiveChangesOf(history, scope, "a");
              const asked = (page: Omit<EventPage, "limit">) =>
                ask(engine, (log) => log.changesOf(context, scope, "a", { ...page, limit }));

              for (const order of ["oldest", "newest"] as const) {
                const page = { order, after: undefined, limit };
                const numbers = await ask(engine, (log) => log.changesOf(context, scope, "a", page));
                expect(await ask(engine, (log) => log.payloadsOf(context, scope, "a", page))).toEqual(
                  await ask(engine, (log) => log.payloads(context, numbers)),
                );
              }
              expect(await asked({ order: "oldest", after: undefined })).toEqual(all.slice(0, limit));
              expect(await asked({ order: "newest", after: undefined })).toEqual(
                [...all].reverse().slice(0, limit),
              );
              const beyond = all.filter((sequence) => sequence > after);
              expect(await asked({ order: "oldest", after })).toEqual(beyond.slice(0, limit));
              const before = all.filter((sequence) => sequence < after).reverse();
              expect(await asked({ order: "newest", after })).toEqual(before.slice(0, limit));
            }
          },
        ),
        { numRuns: 40 },
      );
    });

    it("are none in a context that is not there", async () => {
      const engine = open();

      expect(await ask(engine, (log) => log.keysAt(9, "persistent", 1))).toEqual([]);
      expect(await ask(engine, (log) => log.current(9))).toEqual([]);
    });
  });
}

function naiveChangesOf(history: History, scope: Scope, key: string): number[] {
  return history
    .filter(({ rows }) =>
      rows.some((row) => row.table === "key-changes" && row.scope === scope && row.key === key),
    )
    .map(({ sequence }) => sequence);
}

function naiveKeysAt(history: History, scope: Scope, sequence: number): KeyChangeRow[] {
  const last = new Map<string, KeyChangeRow>();
  for (const row of history.flatMap(({ rows }) => rows)) {
    if (row.table === "key-changes" && row.scope === scope && row.sequence <= sequence)
      last.set(row.key, row);
  }
  return [...last.values()].sort((a, b) => a.created - b.created);
}
