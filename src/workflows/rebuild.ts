import { ContextError } from "../core/errors.js";
import type { EventRecord } from "../core/event.js";
import { contentOf, parsePayload, patchIn, type StoredEffect } from "../core/payload.js";
import { decodeEffects, valueIn } from "../core/read-effects.js";
import { evolve, initialState, type State } from "../core/state.js";
import type { Codec } from "../core/value/codec.js";
import type { ContextRow, Log, WritableLog } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { project, type ProjectedEffect } from "../projections/project.js";
import type { RowWrite } from "../projections/rows.js";
import { type Baseline, baselineRows, readBaseline } from "./baseline.js";
import { inheritedRows } from "./fork.js";
import { lineOf } from "./line.js";
import { removeAllBelow } from "./prune/remove-below.js";
import type { Site } from "./site.js";
import { stateAt } from "./state-at.js";

/** What a rebuild did, and how many rows of each projection had not been what the events say. */
export interface RebuildReport {
  readonly contexts: number;
  readonly events: number;
  readonly differences: Readonly<Record<string, number>>;
}

/** Drops every projection and makes it again from the events alone, in one transaction. */
export function* rebuild(site: Site): Program<RebuildReport> {
  if (site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "Rebuilding" });
  return yield* site.engine.write(function* (log) {
    // A fork's first rows are read from those of its parent, which was made before it.
    const contexts = yield* wait(log.everyContext());
    // Lines of the index that are still to go would count as wrong.
    for (const { context, floorSequence } of contexts)
      if (floorSequence > 0) yield* removeAllBelow(log, context);
    yield* wait(log.clearProjections());
    let events = 0;
    for (const row of contexts) events += yield* rebuildContext(site, log, row);
    const present = contexts.filter(({ keptSequence }) => keptSequence === null);
    return { contexts: present.length, events, differences: yield* wait(log.differences()) };
  });
}

/** Writes the rows of every event of a context; gives how many events there were. */
function* rebuildContext(site: Site, log: WritableLog, row: ContextRow): Program<number> {
  const { context, name, keptSequence, floorSequence } = row;
  const beginning = yield* beginningOf(site, log, row);
  let { state } = beginning;
  if (state.sequence > 0)
    yield* wait(log.reproject(context, floorSequence || state.sequence + 1, beginning.rows));
  for (;;) {
    const page = yield* wait(log.events(context, { order: "oldest", after: state.sequence, limit: 500 }));
    for (const event of page) {
      const { rows, after } = reproject(state, event, site.codec, name);
      yield* wait(log.reproject(context, event.sequence, rows));
      state = after;
    }
    if (page.length === 0) break;
  }
  if (keptSequence !== null) yield* wait(log.keepForForks(context, keptSequence));
  return state.sequence - beginning.state.sequence;
}

/** What a context's own events begin on: nothing, the state that it was forked from, or its baseline. */
export interface Beginning {
  readonly state: State;
  readonly rows: readonly RowWrite[];
  readonly baseline: Baseline | undefined;
}

/**
 * Reads what a context begins with.
 * @throws {ContextError} EVENT_UNREADABLE
 */
export function* beginningOf(site: Site, log: Log, row: ContextRow): Program<Beginning> {
  const { context, name, forkSequence, floorSequence } = row;
  if (forkSequence === 0 && floorSequence === 0)
    return { state: initialState, rows: [], baseline: undefined };
  const line = yield* lineOf(log, context);
  if (floorSequence > 0) {
    const baseline = yield* readBaseline(log, line, site.codec, name);
    return { state: baseline.state, rows: baselineRows(baseline, line, site.codec), baseline };
  }
  const state = yield* stateAt(site, log, line, forkSequence);
  return { state, rows: inheritedRows(state, line, site.codec), baseline: undefined };
}

/**
 * The projection rows of a stored event, and the state after it. Names are left out: they stand in the
 * table of contexts, which is no projection, and an old name may be another context's by now.
 */
export function reproject(
  before: State,
  event: EventRecord,
  codec: Codec,
  name: string,
): { readonly rows: RowWrite[]; readonly after: State } {
  const place = { context: name, sequence: event.sequence };
  const payload = parsePayload(event.payload, place);
  const effects = payload.effects.map(projectedEffect);
  const rows = project({
    header: event,
    effects,
    details: payload.details,
    createdOf: (scope, key) => before.scopes[scope].get(key)?.created,
  });
  const { sequence, version, recordedAt, hash } = event;
  const applied = {
    sequence,
    version,
    recordedAt,
    hash,
    effects: decodeEffects(payload, codec, place, valueIn(before)),
  };
  return {
    rows: rows.filter(({ table }) => table !== "names"),
    after: evolve(before, applied),
  };
}

function projectedEffect(effect: StoredEffect): ProjectedEffect {
  const { op, scope, key } = effect;
  const patch = patchIn(effect);
  if (patch !== undefined) return { op: "set", scope, key, text: null, bytes: patch.bytes };
  if (op !== "set" && op !== "patch") return { op, scope, key, text: null, bytes: 0 };
  const text = JSON.stringify(contentOf(effect));
  return { op: "set", scope, key, text, bytes: Buffer.byteLength(text) };
}
