import { redactValues } from "../core/commands/redact.js";
import { ContextError } from "../core/errors.js";
import type { Origin } from "../core/event.js";
import { erasePayload } from "../core/payload.js";
import type { ValuePath } from "../core/value/parse-path.js";
import type { ContextRow, Log, WritableLog } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { Erasing, findHits, type Hit, lostKeys, presentPlaces } from "./erasable-values.js";
import { lineOf } from "./line.js";
import { removeAllBelow } from "./prune/remove-below.js";
import { archivesOf } from "./pruned.js";
import { loadState } from "./replay.js";
import { liveOf, type Site } from "./site.js";
import { Unit } from "./unit.js";
import { type Live, nameOf } from "./workplace.js";

/** An erasure as asked. */
export interface RedactRequest {
  readonly path: ValuePath;
  readonly reason: string;
  /** Whether the present values stay as they are. */
  readonly keepsPresent: boolean;
}

/** What an erasure did. */
export interface Redaction {
  /** How many recorded values were erased. */
  readonly values: number;
  /** The contexts that it touched: this one, and those forked from it. */
  readonly contexts: readonly string[];
  /** Archives of these contexts, as their prunings named them: what is in a file of its own is not reached. */
  readonly archives: readonly string[];
  /** Whether no copy is left in the files either; false while a reader of an older state holds the log. */
  readonly isScrubbed: boolean;
}

/**
 * Erases every recorded value of a key that has something at a path, in this context and in what was forked
 * from it, and the work of phases that has it. Digests stay, so the chain still verifies; an event in each context covers what is gone.
 * @throws {ContextError} REDACTION_INHERITED, KEY_PROTECTED, BATCH_UNSUPPORTED
 */
export function* redact(site: Site, live: Live, request: RedactRequest, origin: Origin): Program<Redaction> {
  if (site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "Redacting" });
  const { unit, redaction } = yield* site.engine.write(function* (log) {
    const unit = new Unit(site, log, null);
    yield* unit.join(live);
    const family = yield* familyOf(site, log, live, request.path);
    // What is about to go cannot be told of as erased.
    for (const { context, floorSequence } of family)
      if (floorSequence > 0) yield* removeAllBelow(log, context);
    const hits = new Map<number, readonly Hit[]>();
    const { path, keepsPresent } = request;
    const erasing = new Erasing(keepsPresent ? yield* presentPlaces(log, family, path) : undefined);
    for (const row of family) hits.set(row.context, yield* findHits(site, log, row, path, erasing));
    const contexts: string[] = [];
    for (const row of family.filter(({ keptSequence }) => keptSequence === null)) {
      const name = yield* recordErasure(site, unit, row, { request, origin, hits, erasing });
      if (name !== undefined) contexts.push(name);
    }
    for (const [context, found] of hits) yield* eraseHits(site, log, context, found);
    // What folds have made of the values that go is nobody's to know; the next one begins anew without them.
    for (const { context } of family) yield* wait(log.removeCursors(context));
    const values = [...hits.values()].flat().reduce((sum, { effects }) => sum + effects.size, 0);
    return { unit, redaction: { values, contexts, archives: yield* archivesOfAll(log, family) } };
  });
  unit.publish();
  return { ...redaction, isScrubbed: yield* wait(site.engine.scrub()) };
}

function* archivesOfAll(log: Log, family: readonly ContextRow[]): Program<readonly string[]> {
  const files = new Set<string>();
  for (const { context } of family)
    for (const { file } of yield* archivesOf(log, yield* lineOf(log, context)))
      if (file !== null) files.add(file);
  return [...files];
}

/**
 * The contexts whose events an erasure reaches, parents first: the context with all that descends from it, and
 * ancestors that only exist for their forks any more.
 */
function* familyOf(site: Site, log: Log, live: Live, path: ValuePath): Program<readonly ContextRow[]> {
  const [own, ...ancestors] = yield* wait(log.lineage(live.context));
  if (own === undefined) throw new ContextError("CONTEXT_DELETED", { context: nameOf(live.state) });
  const present = ancestors.findIndex(({ keptSequence }) => keptSequence === null);
  const orphaned = present < 0 ? ancestors : ancestors.slice(0, present);
  let { forkSequence: upTo } = orphaned.at(-1) ?? own;
  let parent = "";
  for (const ancestor of ancestors.slice(orphaned.length)) {
    // What a deleted ancestor left is erased from the next context below it.
    if (ancestor.keptSequence === null) parent = ancestor.name;
    const hits = yield* findHits(site, log, ancestor, path);
    if (hits.some(({ sequence }) => sequence <= upTo))
      throw new ContextError("REDACTION_INHERITED", { context: nameOf(live.state), parent });
    upTo = ancestor.forkSequence;
  }
  return yield* descendants(log, orphaned.at(-1) ?? own);
}

function* descendants(log: Log, row: ContextRow): Program<ContextRow[]> {
  const found = [row];
  for (const fork of yield* wait(log.forksOf(row.context))) found.push(...(yield* descendants(log, fork)));
  return found.sort((a, b) => a.context - b.context);
}

/** Appends the event that covers what is erased on a context's line; gives its name, if there is anything. */
function* recordErasure(
  site: Site,
  unit: Unit,
  row: ContextRow,
  {
    request,
    origin,
    hits,
    erasing,
  }: {
    request: RedactRequest;
    origin: Origin;
    hits: ReadonlyMap<number, readonly Hit[]>;
    erasing: Erasing;
  },
): Program<string | undefined> {
  const line = yield* lineOf(unit.log, row.context);
  const covered = Object.fromEntries(
    line.segments.flatMap(({ context, upTo }) =>
      (hits.get(context) ?? [])
        .filter(({ sequence }) => sequence <= upTo)
        .map(({ sequence, effects }) => [String(sequence), [...effects]]),
    ),
  );
  const live = liveOf(site, row.context) ?? {
    ...{ context: row.context, line, mark: -1, autoSnapshot: 0, isDeleted: false },
    state: yield* loadState(unit.log, line, site.codec, row.name),
  };
  const before = yield* unit.join(live);
  const carried = yield* lostKeys(unit.log, line, erasing);
  unit.decide(live, redactValues({ ...request, covered, carried }, site.codec), origin);
  yield* unit.flush();
  const after = yield* unit.join(live);
  return after.sequence > before.sequence ? nameOf(after) : undefined;
}

function* eraseHits(site: Site, log: WritableLog, context: number, hits: readonly Hit[]): Program<void> {
  for (const { sequence, payload, effects } of hits)
    yield* wait(log.erase(context, sequence, erasePayload(payload, effects, site.host.digest)));
}
