import { type Mode, runAsync, runSync, type Waitable } from "../../program/program.js";
import type { Engine } from "../engine.js";

/** When answers come: the one difference between the modes. */
export interface Pace<M extends Mode> {
  readonly mode: M;
  readonly run: Engine<M>["run"];
  readonly answer: <Result>(compute: () => Result) => Waitable<Result>;
  /** The same log, answering at this pace. */
  readonly pacedLog: <L extends object>(log: L) => L;
}

/** A pace for each mode. An asynchronous answer is computed a turn later, as a distant server would. */
export const paces: { readonly [M in Mode]: Pace<M> } = {
  sync: { mode: "sync", run: runSync, answer: (compute) => compute(), pacedLog: (log) => log },
  async: { mode: "async", run: runAsync, answer: later, pacedLog: delayed },
};

async function later<Result>(compute: () => Result): Promise<Result> {
  await Promise.resolve();
  return compute();
}

function delayed<L extends object>(log: L): L {
  const methods = Object.entries(log).map(([name, method]: [string, (...given: unknown[]) => unknown]) => [
    name,
    (...given: unknown[]) => later(() => method(...given)),
  ]);
  // Every member of a log is a method whose answer may be a promise, so its shape stays the same.
  return Object.fromEntries(methods) as L;
}
