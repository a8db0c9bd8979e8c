/**
 * Prunes histories: what lies below a floor goes to an archive, and the state at the floor becomes the baseline
 * that the rest goes on from.
 */
import type { Archive, ArchiveLocation } from "../../core/archive.js";
import { baselineDigest, erasedIn } from "../../core/baseline.js";
import { pruneHistory } from "../../core/commands/prune.js";
import { erasureKey } from "../../core/erasures.js";
import { ContextError, isContextError } from "../../core/errors.js";
import { type Origin, scopes } from "../../core/event.js";
import { parsePayload } from "../../core/payload.js";
import type { ChangePlace, ContextRow, Log, WritableLog } from "../../engines/engine.js";
import { type Program, wait } from "../../program/program.js";
import { lineOf } from "../line.js";
import { loadState } from "../replay.js";
import { liveOf, type Site } from "../site.js";
import { Unit } from "../unit.js";
import type { Live } from "../workplace.js";
import { findFloor, type Hold, type MergeMarks, type Prunable, type PruneRule } from "./find-floor.js";
import { findMergeMarks } from "./merge-marks.js";
import { type ArchiveFile, archivePart, type PlaceArchive, type Part, partOf } from "./archive-part.js";
import { removeBelow } from "./remove-below.js";

/** A pruning as asked. */
export interface PruneRequest {
  readonly rule: PruneRule;
  readonly placeArchive: PlaceArchive;
  /** Whether nothing is to be written, and only told what would be. */
  readonly isDryRun: boolean;
  /** Whether a context that has no such point, or is deleted meanwhile, is left as it is. */
  readonly isLenient: boolean;
}

/** The file that holds what went; before it is made, its digest is not known. */
export interface PrunedArchive {
  readonly file: string;
  readonly sha256: string | undefined;
}

/** What went of one context, or would go. */
export interface Pruned {
  readonly context: string;
  /** The event whose state is the oldest there is; 0 for a history that is whole. */
  readonly floor: number;
  /** How many events went, and the bytes of what they had recorded. */
  readonly events: number;
  readonly bytes: number;
  /** Where they can be read; undefined where none went, or no archive was wanted. */
  readonly archive: PrunedArchive | undefined;
  /** What kept more from going. */
  readonly heldBy: readonly Hold[];
}

/**
 * Prunes the contexts that a selection finds, one by one.
 * @throws {ContextError} BATCH_UNSUPPORTED, ADDRESS_NOT_FOUND, EXPORT_UNWRITABLE
 */
export function* prune(
  site: Site,
  select: (log: Log) => Program<readonly ContextRow[]>,
  request: PruneRequest,
  origin: Origin,
): Program<readonly Pruned[]> {
  if (site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "Pruning" });
  const { rows, marks } = yield* site.engine.read(function* (log) {
    return { rows: yield* select(log), marks: yield* findMergeMarks(log) };
  });
  const all: Pruned[] = [];
  for (const row of rows) {
    try {
      all.push(yield* pruneContext(site, row, { ...request, marks }, origin));
    } catch (error) {
      if (!request.isLenient || !isContextError(error) || !passedOver.has(error.code)) throw error;
    }
  }
  return all;
}

const passedOver: ReadonlySet<string> = new Set(["ADDRESS_NOT_FOUND", "CONTEXT_DELETED"]);

type Request = PruneRequest & { readonly marks: MergeMarks };

function* pruneContext(site: Site, row: ContextRow, request: Request, origin: Origin): Program<Pruned> {
  // Somebody may have erased something, or forked, between the look and the write.
  for (;;) {
    const plan = yield* site.engine.read((log) => planOf(site, log, row, request));
    if (request.isDryRun) return plan.pruned;
    const pruned =
      plan.part === undefined ? plan.pruned : yield* carryOut(site, plan.part, plan.pruned, origin);
    if (pruned === undefined) continue;
    if (pruned.floor > 0) yield* removeBelow(site, row.context);
    return pruned;
  }
}

interface Plan {
  /** What is to go; undefined where nothing is. */
  readonly part: (Part & { readonly file: ArchiveFile | undefined }) | undefined;
  readonly pruned: Pruned;
}

function* planOf(site: Site, log: Log, { context, name }: ContextRow, request: Request): Program<Plan> {
  const [row] = yield* wait(log.lineage(context));
  if (row?.keptSequence !== null) throw new ContextError("CONTEXT_DELETED", { context: name });
  const line = yield* lineOf(log, context);
  const state = yield* loadState(log, line, site.codec, row.name);
  const prunable: Prunable = { row, line, state };
  const { sequence, heldBy } = yield* findFloor(log, prunable, request.rule, request.marks);
  const { floorSequence, forkSequence } = row;
  if (sequence <= Math.max(floorSequence, forkSequence)) {
    const pruned = {
      context: row.name,
      floor: floorSequence,
      events: 0,
      bytes: 0,
      archive: undefined,
      heldBy,
    };
    return { part: undefined, pruned };
  }
  const part = yield* partOf(site, log, prunable, sequence);
  const { from, to, bytes } = part;
  const place = request.placeArchive({ context: row.name, from, to });
  const file = request.isDryRun ? undefined : place?.open();
  const sha256 = file && (yield* archivePart(site, log, part, file));
  const archive = place && { file: place.file, sha256 };
  const events = to - from + 1;
  const pruned = { context: row.name, floor: to, events, bytes, archive, heldBy };
  return { part: { ...part, file }, pruned };
}

/** Makes the pruning true, at once for all readers; gives nothing where the plan does not hold any more. */
function* carryOut(
  site: Site,
  { file, ...part }: NonNullable<Plan["part"]>,
  planned: Pruned,
  origin: Origin,
): Program<Pruned | undefined> {
  try {
    const kept = file?.keep();
    const archive = kept === undefined ? undefined : { file: kept.file, sha256: planned.archive?.sha256 };
    const pruned = { ...planned, archive };
    const unit = yield* site.engine.write(function* (log) {
      const unit = new Unit(site, log, null);
      return (yield* write(site, unit, { ...part, kept }, pruned, origin)) ? unit : undefined;
    });
    if (unit === undefined) file?.discard();
    unit?.publish();
    return unit && pruned;
  } catch (error) {
    // Where nobody knows whether it was committed, the archive may be all that is left.
    if (!isContextError(error, "OUTCOME_UNKNOWN") && !isContextError(error, "STORE_MOVED")) file?.discard();
    throw error;
  }
}

type KeptPart = Part & { readonly kept: ArchiveLocation | undefined };

function* write(site: Site, unit: Unit, part: KeptPart, pruned: Pruned, origin: Origin): Program<boolean> {
  const { row, baseline, to } = part;
  const { log } = unit;
  const live = yield* liveFor(site, log, row);
  const before = yield* unit.join(live);
  if (!(yield* holdsStill(log, part, before.scopes.erasure.get(erasureKey)?.sequence))) return false;
  const archive = archiveOf(part, pruned);
  const digest = baselineDigest(baseline.records, baseline.facts, site.host.digest);
  const record = site.codec.record(archive, "archive");
  const erased = erasedIn(baseline.records);
  unit.decide(live, pruneHistory({ archive, record, baseline: digest, erased }), origin);
  yield* unit.flush();
  const oldest = baseline.facts.receipts[0]?.[1] ?? to + 1;
  yield* wait(log.setFloor(row.context, to, oldest));
  for (const { sequence, payload } of part.rewritten) yield* wait(log.erase(row.context, sequence, payload));
  yield* wait(log.removeChanges(row.context, yield* fallenAtOnce(log, part)));
  return true;
}

function archiveOf({ from, to, floor, kept }: KeptPart, { events, bytes, archive }: Pruned): Archive {
  const { version, recordedAt: time } = floor;
  const { file = null, sha256 = null } = archive ?? {};
  const beside = kept?.beside;
  return { from, to, version, time, events, bytes, file, ...(beside !== undefined && { beside }), sha256 };
}

/** Whether nobody has pruned, forked or erased anything that the plan did not know of. */
function* holdsStill(log: Log, { row, to, erasedAt }: Part, erasure: number | undefined): Program<boolean> {
  if ((yield* wait(log.floor(row.context))) !== row.floorSequence || erasure !== erasedAt) return false;
  return (yield* wait(log.forksOf(row.context))).every(({ forkSequence }) => forkSequence >= to);
}

/** Lines of the index that no event of the context's own leads to, and those of the floor's own deletions. */
function* fallenAtOnce(log: Log, { row, floor, baseline }: Part): Program<ChangePlace[]> {
  const { effects } = parsePayload(floor.payload, { context: row.name, sequence: floor.sequence });
  const deletions = effects.filter(({ op }) => op === "delete" || op === "unprotect");
  const fallen = deletions.map(({ scope, key }) => ({ scope, key, sequence: floor.sequence }));
  if (row.forkSequence === 0) return fallen;
  for (const scope of scopes) {
    for (const { key, sequence } of yield* wait(log.keysAt(row.context, scope, row.forkSequence))) {
      const standing = baseline.facts.standing[sequence] ?? [];
      if (!standing.some(([ofScope, ofKey]) => ofScope === scope && ofKey === key))
        fallen.push({ scope, key, sequence });
    }
  }
  return fallen;
}

function* liveFor(site: Site, log: WritableLog, { context, name }: ContextRow): Program<Live> {
  const known = liveOf(site, context);
  if (known !== undefined) return known;
  const line = yield* lineOf(log, context);
  const state = yield* loadState(log, line, site.codec, name);
  return { context, line, state, mark: yield* wait(log.changeMark()), autoSnapshot: 0, isDeleted: false };
}
