import type { CurrentRow, Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import type { KeptWork } from "./phase-records.js";

/**
 * About how many bytes of a context's own payloads are only needed for what came before a floor: those of the
 * events up to it, less a copy of the state that would stand for them. Without a floor, it is the oldest event that
 * anything refers to.
 */
export function* prunable(log: Log, context: number, floor?: number): Program<number> {
  const present = yield* wait(log.current(context));
  const upTo = floor ?? (yield* oldestNeeded(log, context, present));
  const { eventBytes } = yield* wait(log.eventsUpTo(context, upTo));
  const stateBytes = present.reduce(
    (sum, { value, bytes }) => sum + (bytes ?? Buffer.byteLength(value ?? "")),
    0,
  );
  return Math.max(0, eventBytes - stateBytes);
}

/** The oldest event whose state may still be asked for by something that the store keeps; else the newest. */
function* oldestNeeded(log: Log, context: number, present: readonly CurrentRow[]): Program<number> {
  const head = yield* wait(log.head(context));
  const forks = yield* wait(log.forksOf(context));
  const marks = present.flatMap((row): number[] => {
    if (row.scope === "snapshot") return [row.sequence];
    return row.scope === "unmerged" ? [startOf(row)] : [];
  });
  return Math.min(head?.sequence ?? 0, ...marks, ...forks.map(({ forkSequence }) => forkSequence));
}

/** The event after which the work took its copy of the context. */
function startOf({ value, sequence }: CurrentRow): number {
  // Written by takeWork, which puts a plain number there.
  const { startedAt } = JSON.parse(value ?? "{}") as Partial<KeptWork>;
  return startedAt ?? sequence;
}
