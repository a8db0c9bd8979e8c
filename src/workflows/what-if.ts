import type { Point } from "../core/address.js";
import { assumeState, type Standing } from "../core/commands/assume.js";
import { record } from "../core/decide.js";
import { type Origin, movesVersion } from "../core/event.js";
import { initialState, type State } from "../core/state.js";
import { type Program, wait } from "../program/program.js";
import { project } from "../projections/project.js";
import { lineOf } from "./line.js";
import { newestState, withContext } from "./read-past.js";
import type { Site } from "./site.js";
import { stateAt } from "./state-at.js";
import { projected } from "./unit.js";
import { stampAt } from "./view-at.js";
import { type Live, nameOf } from "./workplace.js";

/**
 * The state at a point, whole; the newest one where none is named.
 * @throws {ContextError} ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
 */
export function* standingAt(site: Site, live: Live, point: Point | undefined): Program<Standing> {
  return yield* withContext(site, live, function* (log, name) {
    if (point === undefined) return standingOf(yield* newestState(site, log, live));
    const { sequence } = yield* stampAt(site, log, live, { name, point });
    return standingOf(yield* stateAt(site, log, live.line, sequence));
  });
}

function standingOf(state: State): Standing {
  return { ...state, keys: (scope) => state.scopes[scope].entries() };
}

/**
 * Makes a context that begins as another one stands, in a store of its own. Its first event has the number and
 * the version of the one it stands at, so that both go on from there; nothing comes before it.
 */
export function* assume(site: Site, standing: Standing): Program<Live> {
  const { codec, host } = site;
  const draft = assumeState(standing, codec);
  const version = standing.version - (draft.effects.some(movesVersion) ? 1 : 0);
  const before: State = { ...initialState, sequence: standing.sequence - 1, version };
  const recorded = record(before, draft, nobody, standing.recordedAt, host);
  return yield* site.engine.write(function* (log) {
    const { state } = recorded;
    const fork = { parent: null, sequence: before.sequence };
    const created = { name: nameOf(state), createdAt: state.recordedAt, fork };
    const context = yield* wait(log.createContext(created));
    yield* wait(log.append(context, recorded.record, project(projected(recorded, before))));
    const line = yield* lineOf(log, context);
    const mark = yield* wait(log.changeMark());
    return { context, line, state, mark, autoSnapshot: 0, isDeleted: false };
  });
}

const nobody: Origin = {
  actor: null,
  cause: null,
  phase: null,
  batch: null,
  tags: null,
  idempotencyKey: null,
};
