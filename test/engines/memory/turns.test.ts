import { describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engines/engine.js";
import { openMemoryEngine } from "../../../src/engines/memory/memory-engine.js";
import { wait } from "../../../src/program/program.js";
import { append, ask, createContext, write } from "../../support/engine-programs.js";
import { eventRecord } from "../../support/event-records.js";

describe("an engine on promises", () => {
  it("answers later, never at once", async () => {
    const engine = openMemoryEngine("async");
    let isAnswered = false;

    const answer = ask(engine, (log) => log.changeMark()).then(() => (isAnswered = true));

    expect(isAnswered).toBe(false);
    expect(await answer).toBe(true);
  });

  it("makes writes that nobody waited for in the order in which they were called", async () => {
    const { engine, context } = await openWithContext();

    const writes = Array.from({ length: 50 }, () => appendNext(engine, context));
    const sequences = await Promise.all(writes);

    expect(sequences).toEqual(Array.from({ length: 50 }, (_, index) => index + 2));
  });

  it("goes on with the writes behind one that fails", async () => {
    const { engine, context } = await openWithContext();

    const results = await Promise.allSettled([
      append(engine, context, eventRecord(2)),
      append(engine, context, eventRecord(2)),
      append(engine, context, eventRecord(3)),
    ]);

    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect((await ask(engine, (log) => log.head(context)))?.sequence).toBe(3);
  });

  it("shows a read nothing of a write that is under way", async () => {
    const { engine, context } = await openWithContext();
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));

    const writing = write(engine, function* (log) {
      yield* wait(log.append(context, eventRecord(2), []));
      yield* wait(held);
      yield* wait(log.append(context, eventRecord(3), []));
    });
    const reading = ask(engine, (log) => log.head(context));
    await settleEverything();
    release();

    expect((await reading)?.sequence).toBe(3);
    await writing;
  });

  it("shows a read the same view from its first question to its last", async () => {
    const { engine, context } = await openWithContext();

    const reading = engine.run(
      engine.read(function* (log) {
        const first = yield* wait(log.head(context));
        yield* wait(settleEverything());
        const last = yield* wait(log.head(context));
        return [first?.sequence, last?.sequence];
      }),
    );
    const writing = append(engine, context, eventRecord(2));

    expect(await reading).toEqual([1, 1]);
    await writing;
  });

  it("shows a read nothing of a write that is rolled back", async () => {
    const { engine, context } = await openWithContext();

    const failing = write(engine, function* (log) {
      yield* wait(log.append(context, eventRecord(2), []));
      yield* wait(settleEverything());
      throw new Error("changed my mind");
    });
    const reading = ask(engine, (log) => log.head(context));

    await expect(failing).rejects.toThrow("changed my mind");
    expect((await reading)?.sequence).toBe(1);
  });

  it("tells the caller of its commit before the next write begins", async () => {
    const { engine, context } = await openWithContext();
    const order: string[] = [];
    const writing = (name: string) =>
      engine.run(
        (function* () {
          yield* engine.write(function* (log) {
            order.push(`${name} begins`);
            yield* wait(log.head(context));
          });
          order.push(`${name} is told`);
        })(),
      );

    await Promise.all([writing("one"), writing("two")]);

    expect(order).toEqual(["one begins", "one is told", "two begins", "two is told"]);
  });

  it("refuses a write that was not waited for and comes after its transaction", async () => {
    const { engine, context } = await openWithContext();

    const { late } = await write(engine, function* (log) {
      yield* wait(log.head(context));
      // Wrapped, so that nobody waits for it; the handler keeps it from being an unhandled rejection.
      return {
        late: Promise.resolve(log.append(context, eventRecord(2), [])).catch((error: unknown) => error),
      };
    });

    expect(String(await late)).toContain("after its transaction");
    expect((await ask(engine, (log) => log.head(context)))?.sequence).toBe(1);
  });

  it("ends what was called before its close, and refuses what comes after", async () => {
    const { engine, context } = await openWithContext();

    const before = appendNext(engine, context);
    const closing = engine.close();
    const after = appendNext(engine, context);

    await expect(after).rejects.toMatchObject({ code: "STORE_CLOSED" });
    expect(await before).toBe(2);
    await closing;
  });
});

describe("an engine in memory", () => {
  it.each(["sync", "async"] as const)("has no query language, in mode %s", async (mode) => {
    const engine: Engine = openMemoryEngine(mode);

    const asked = (async () => await engine.query("SELECT 1", []))();

    await expect(asked).rejects.toMatchObject({
      code: "NOT_SUPPORTED",
      details: { what: "SQL", engine: "memory" },
    });
  });

  it("refuses queries by a rejection on promises, and by a throw at once", async () => {
    const refused = openMemoryEngine("async").query("SELECT 1", []);

    await expect(refused).rejects.toMatchObject({ code: "NOT_SUPPORTED" });
    expect(() => openMemoryEngine("sync").query("SELECT 1", [])).toThrow("SQL");
  });
});

async function openWithContext(): Promise<{ engine: Engine<"async">; context: number }> {
  const engine = openMemoryEngine("async");
  return { engine, context: await createContext(engine, "run-1") };
}

/** Appends the event after the newest; gives its number. */
async function appendNext(engine: Engine, context: number): Promise<number> {
  return await write(engine, function* (log) {
    const sequence = ((yield* wait(log.head(context)))?.sequence ?? 0) + 1;
    yield* wait(log.append(context, eventRecord(sequence), []));
    return sequence;
  });
}

/** Lets everything that can go on go on. */
async function settleEverything(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
