import type { EventRecord } from "../../src/core/event.js";
import type { Engine, Log, WritableLog } from "../../src/engines/engine.js";
import { type Program, wait, type Waitable } from "../../src/program/program.js";
import type { RowWrite } from "../../src/projections/rows.js";
import { eventRecord, nameRow } from "./event-records.js";

/** Opens an engine with nothing in it, which is closed when the test ends. */
export type OpenEngine = () => Engine;

/** Runs one transaction on an engine of either mode; a failure is always a rejection. */
export async function write<Result>(
  engine: Engine,
  work: (log: WritableLog) => Program<Result>,
): Promise<Result> {
  return await engine.run(engine.write(work));
}

/** Asks an engine of either mode one question. */
export async function ask<Result>(engine: Engine, question: (log: Log) => Waitable<Result>): Promise<Result> {
  return await engine.run(
    engine.read(function* (log) {
      return yield* wait(question(log));
    }),
  );
}

/** Appends one event and its rows in a transaction of its own. */
export async function append(
  engine: Engine,
  context: number,
  record: EventRecord,
  rows: readonly RowWrite[] = [],
): Promise<number> {
  return await write(engine, function* (log) {
    return yield* wait(log.append(context, record, rows));
  });
}

/** Makes a context whose first event gives it its name. */
export async function createContext(engine: Engine, name: string, createdAt = 1_000): Promise<number> {
  return await write(engine, (log) => createNamed(log, name, createdAt));
}

/** The same, inside a transaction. */
export function* createNamed(log: WritableLog, name: string, createdAt = 1_000): Program<number> {
  const context = yield* wait(log.createContext({ name, createdAt }));
  const first = eventRecord(1, { type: "context_created", version: 0, recordedAt: createdAt });
  yield* wait(log.append(context, first, [nameRow(name)]));
  return context;
}
