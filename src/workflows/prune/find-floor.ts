import type { Point } from "../../core/address.js";
import { isContextError } from "../../core/errors.js";
import { snapshotsOf } from "../../core/snapshot.js";
import type { State } from "../../core/state.js";
import type { ContextRow, Log, PhaseListing, Stamp } from "../../engines/engine.js";
import { type Program, wait } from "../../program/program.js";
import { eventOfVersion } from "../event-of-version.js";
import { eventAt, type Line } from "../line.js";
import { namesOf } from "../manage.js";
import { locateFrom } from "../read-past.js";
import { nameOf } from "../workplace.js";

/** How much of a history is to go: what lies before a point, and no more than leaves so many versions. */
export interface PruneRule {
  readonly before: Point | undefined;
  readonly versions: number | undefined;
  /** Whether the states of listed snapshots stay, or of pinned ones alone. */
  readonly snapshots: boolean | "pinned";
}

/** What keeps a history from being pruned as far as was asked, and the event that it needs the state of. */
export interface Hold {
  readonly by: "snapshot" | "fork" | "phase" | "merge" | "batch";
  /** The snapshot's or the phase's id, the name of the other context, or the id of the batch. */
  readonly id: string;
  readonly sequence: number;
}

/** Up to which event a history can go: the state after it stays. */
export interface FoundFloor {
  readonly sequence: number;
  readonly heldBy: readonly Hold[];
}

/** A context to be pruned. */
export interface Prunable {
  readonly row: ContextRow;
  readonly line: Line;
  readonly state: State;
}

/** Of each context that was merged into others, by the hash of its first event: what those may need it for again. */
export type MergeMarks = ReadonlyMap<string, readonly Hold[]>;

/**
 * Finds the floor that a rule asks for, and lowers it to what others still need.
 * @throws {ContextError} ADDRESS_NOT_FOUND
 */
export function* findFloor(
  log: Log,
  prunable: Prunable,
  rule: PruneRule,
  marks: MergeMarks,
): Program<FoundFloor> {
  const asked = yield* askedFloor(log, prunable, rule);
  const holds: Hold[] = [
    ...snapshotHolds(prunable.state, rule),
    ...(yield* forkHolds(log, prunable)),
    ...(yield* mergeHolds(log, prunable, marks)),
  ].filter(({ sequence }) => sequence < asked);
  let sequence = Math.min(asked, ...holds.map((hold) => hold.sequence));
  const phases = yield* wait(log.phases(prunable.row.context, undefined));
  for (const phase of [...phases].reverse()) {
    if (!isOpenAt(phase, sequence)) continue;
    sequence = phase.startedSequence - 1;
    holds.push({ by: "phase", id: phase.id, sequence });
  }
  const batch = yield* batchHold(log, prunable, sequence);
  if (batch !== undefined) holds.push(batch);
  return { sequence: batch?.sequence ?? sequence, heldBy: holds.sort((a, b) => a.sequence - b.sequence) };
}

/** The event that is to become the floor; none, where there is no more to go than that. */
function* askedFloor(log: Log, { line, state }: Prunable, { before, versions }: PruneRule): Program<number> {
  const ofVersion = function* (version: number): Program<number> {
    const stamp = yield* stampOf(log, line, state, { kind: "version", version });
    return stamp === undefined ? 0 : yield* eventOfVersion(log, line, stamp);
  };
  const oldestKept = versions === undefined ? undefined : state.version - versions + 1;
  const byCount = oldestKept === undefined ? Infinity : oldestKept < 0 ? 0 : yield* ofVersion(oldestKept);
  if (before === undefined) return Math.min(byCount, state.sequence);
  const stamp = yield* stampOf(log, line, state, before);
  if (stamp === undefined) return 0;
  const isVersion = before.kind === "version" || before.kind === "back";
  const byPoint = isVersion ? yield* eventOfVersion(log, line, stamp) : stamp.sequence;
  return Math.min(byPoint, byCount);
}

/** Where a point lies; nothing where all there is lies behind it. */
function* stampOf(log: Log, line: Line, state: State, point: Point): Program<Stamp | undefined> {
  const ground = {
    name: nameOf(state),
    head: state,
    *snapshots() {
      return snapshotsOf(state);
    },
  };
  try {
    return yield* locateFrom(log, line, ground, point);
  } catch (error) {
    const isBefore = isContextError(error, "ADDRESS_NOT_FOUND") && point.kind === "time";
    if (isBefore || isContextError(error, "HISTORY_PRUNED")) return undefined;
    throw error;
  }
}

function snapshotHolds(state: State, { snapshots: wanted }: PruneRule): Hold[] {
  return snapshotsOf(state)
    .filter(({ isPinned }) => (wanted === "pinned" ? isPinned : wanted))
    .map(({ id, sequence }) => ({ by: "snapshot", id, sequence }));
}

/** Events that a fork shares are its own history, too. */
function* forkHolds(log: Log, { row }: Prunable): Program<Hold[]> {
  const holds: Hold[] = [];
  for (const fork of yield* wait(log.forksOf(row.context)))
    for (const id of yield* namesOf(log, [fork])) holds.push({ by: "fork", id, sequence: fork.forkSequence });
  return holds;
}

function* mergeHolds(log: Log, { line }: Prunable, marks: MergeMarks): Program<readonly Hold[]> {
  if (marks.size === 0) return [];
  const first = yield* eventAt(log, line, line.segments[0].after + 1);
  return marks.get(first?.hash ?? "") ?? [];
}

/** Work that began by a floor and is not done needs the state that it began on. */
function isOpenAt({ startedSequence, endedSequence, status }: PhaseListing, floor: number): boolean {
  if (startedSequence > floor) return false;
  const isDone = status !== "running" && status !== "unmerged" && endedSequence !== null;
  return !isDone || endedSequence > floor;
}

/** A batch is one step for all who look at the past; a floor lies between two of them. */
function* batchHold(log: Log, { line, row }: Prunable, sequence: number): Program<Hold | undefined> {
  const batchAt = function* (number: number): Program<string | null | undefined> {
    return (yield* wait(log.header(row.context, number)))?.batch;
  };
  const batch = yield* batchAt(sequence + 1);
  if (batch === undefined || batch === null) return undefined;
  let last = sequence;
  while (last > line.segments[0].after && (yield* batchAt(last)) === batch) last -= 1;
  return last === sequence ? undefined : { by: "batch", id: batch, sequence: last };
}
