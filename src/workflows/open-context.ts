import { createContext } from "../core/commands/create.js";
import { record } from "../core/decide.js";
import { ContextError } from "../core/errors.js";
import type { Origin } from "../core/event.js";
import { enforceLimits, limitsOf } from "../core/limits.js";
import { initialState } from "../core/state.js";
import type { Taken } from "../core/value/codec.js";
import type { WritableLog } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { project } from "../projections/project.js";
import { lineOf } from "./line.js";
import { withLog } from "./read-past.js";
import { loadState } from "./replay.js";
import { liveOf, type Site } from "./site.js";
import type { Live } from "./workplace.js";
import { projected } from "./unit.js";

/** What a context is to begin with, if it does not exist yet. */
export interface Beginnings {
  readonly initial: ReadonlyMap<string, Taken>;
  readonly protect: readonly string[];
  readonly metadata: ReadonlyMap<string, Taken>;
  readonly limits: ReadonlyMap<string, Taken>;
}

/** Finds a context by its name, sharing what is known of it; undefined where there is none. */
export function* findContext(site: Site, name: string): Program<Live | undefined> {
  return yield* withLog(site, function* (log) {
    const row = yield* wait(log.findContext(name));
    if (row === undefined) return undefined;
    const known = liveOf(site, row.context);
    if (known !== undefined) return known;
    const mark = yield* wait(log.changeMark());
    const line = yield* lineOf(log, row.context);
    const state = yield* loadState(log, yield* lineOf(log, row.context), site.codec, name);
    return { context: row.context, line, state, mark, autoSnapshot: 0, isDeleted: false };
  });
}

/**
 * Finds a context, or creates it; of several processes that try at once, one creates. What it is to begin
 * with is asked for only if it has to be created, and before the lock is taken.
 */
export function* openContext(
  site: Site,
  name: string,
  begin: () => Beginnings,
  origin: Origin,
): Program<Live> {
  const found = yield* findContext(site, name);
  if (found !== undefined) return found;
  if (site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "Creating a context" });
  const beginnings = begin();
  const created = yield* site.engine.write(function* (log) {
    if ((yield* wait(log.findContext(name))) !== undefined) return undefined;
    return yield* create(site, log, name, beginnings, origin);
  });
  if (created !== undefined) return created;
  return yield* openContext(site, name, () => beginnings, origin);
}

function* create(
  site: Site,
  log: WritableLog,
  name: string,
  beginnings: Beginnings,
  origin: Origin,
): Program<Live> {
  const { host, codec, rules } = site;
  const protect = [...new Set([...rules.protect, ...beginnings.protect])];
  const draft = createContext({ ...beginnings, protect, name: codec.take(name, "name") });
  const recorded = record(initialState, draft, origin, host.now(), host);
  enforceLimits(limitsOf(recorded.state, rules.limits).refuse, name, initialState, recorded.state, draft);
  const context = yield* wait(log.createContext({ name, createdAt: recorded.record.recordedAt }));
  yield* wait(log.append(context, recorded.record, project(projected(recorded, initialState))));
  const mark = yield* wait(log.changeMark());
  const line = yield* lineOf(log, context);
  return { context, line, state: recorded.state, mark, autoSnapshot: 0, isDeleted: false };
}
