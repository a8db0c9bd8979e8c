import { ContextError } from "../core/errors.js";
import type { EventRecord } from "../core/event.js";
import { decodeEffects, parsePayload } from "../core/payload.js";
import { evolve, initialState, type State } from "../core/state.js";
import type { Codec } from "../core/value/codec.js";
import type { WritableLog } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { project } from "../projections/project.js";
import type { RowWrite } from "../projections/rows.js";
import type { Site } from "./site.js";

/** What a rebuild did, and how many rows of each projection had not been what the events say. */
export interface RebuildReport {
  readonly contexts: number;
  readonly events: number;
  readonly differences: Readonly<Record<string, number>>;
}

/** Drops every projection and makes it again from the events alone, in one transaction. */
export function* rebuild(site: Site): Program<RebuildReport> {
  if (site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "Rebuilding" });
  const all = {
    id: undefined,
    metadata: {},
    changedSince: undefined,
    changedBefore: undefined,
    key: undefined,
  };
  return yield* site.engine.write(function* (log) {
    const contexts = yield* wait(
      log.listContexts({ ...all, after: undefined, limit: Number.MAX_SAFE_INTEGER }),
    );
    yield* wait(log.clearProjections());
    let events = 0;
    for (const { context, name } of contexts) events += yield* rebuildContext(log, context, site.codec, name);
    return { contexts: contexts.length, events, differences: yield* wait(log.differences()) };
  });
}

/** Writes the rows of every event of a context; gives how many events there were. */
function* rebuildContext(log: WritableLog, context: number, codec: Codec, name: string): Program<number> {
  let state = initialState;
  for (;;) {
    const page = yield* wait(log.events(context, { order: "oldest", after: state.sequence, limit: 500 }));
    for (const event of page) {
      const { rows, after } = reproject(state, event, codec, name);
      yield* wait(log.reproject(context, event.sequence, rows));
      state = after;
    }
    if (page.length === 0) return state.sequence;
  }
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
  const effects = payload.effects.map(({ op, scope, key, value }) => {
    return { op, scope, key, text: op === "set" ? JSON.stringify(value) : null };
  });
  const rows = project({
    header: event,
    effects,
    details: payload.details,
    createdOf: (scope, key) => before.scopes[scope].get(key)?.created,
  });
  const { sequence, version, recordedAt, hash } = event;
  const applied = { sequence, version, recordedAt, hash, effects: decodeEffects(payload, codec, place) };
  return {
    rows: rows.filter(({ table }) => table !== "names"),
    after: evolve(before, applied),
  };
}
