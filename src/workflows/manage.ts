import { type Command, nothing } from "../core/commands/command.js";
import { renameContext } from "../core/commands/describe.js";
import { record } from "../core/decide.js";
import { ContextError } from "../core/errors.js";
import { type EventDraft, type Origin, storeStream } from "../core/event.js";
import { initialState } from "../core/state.js";
import type { ContextFilter, ContextListing, ContextRow, Log, WritableLog } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { type Intent, inUnit, performAsked } from "./change.js";
import { withLog } from "./read-past.js";
import { liveOf, type Site } from "./site.js";
import type { Unit } from "./unit.js";
import { type Live, nameOf } from "./workplace.js";

/** Contexts listed at once; bounds memory, not results. */
const pageSize = 500;

/** Lists contexts in order of their ids, page by page, up to the limit asked for. */
export function* listContexts(site: Site, filter: ContextFilter): Program<ContextListing[]> {
  return yield* withLog(site, function* (log) {
    const found: ContextListing[] = [];
    for (;;) {
      const limit = Math.min(pageSize, filter.limit - found.length);
      const page = yield* wait(
        log.listContexts({ ...filter, after: found.at(-1)?.name ?? filter.after, limit }),
      );
      found.push(...page);
      if (page.length < limit || found.length >= filter.limit) return found;
    }
  });
}

/**
 * Gives a context another id.
 * @throws {ContextError} CONTEXT_EXISTS
 */
export function* rename(site: Site, live: Live, name: string, intent: Intent): Program<void> {
  yield* inUnit(site, intent.origin, function* (unit) {
    const prepare = () => prepareRename(site, unit, live, name);
    yield* performAsked(site, unit, live, { asked: () => ["rename", name], intent, prepare });
    // The next question about names must find this one.
    yield* unit.flush();
  });
}

function* prepareRename(
  site: Site,
  unit: Unit,
  live: Live,
  name: string,
): Program<Command<undefined>["decide"]> {
  const from = nameOf(yield* unit.join(live));
  if (from === name) return () => nothing(undefined);
  yield* unit.flush();
  if ((yield* wait(unit.log.findContext(name))) !== undefined) {
    throw new ContextError("CONTEXT_EXISTS", { context: name });
  }
  return renameContext(from, site.codec.take(name, "name")).decide;
}

/** What becomes of a context that is deleted although forks of it need its history. */
export type ForksRule = "refuse" | "keep";

/**
 * Deletes a context with all its events, except those that its forks need. The store's own stream keeps the
 * fact, and the hash of the chain that went.
 * @throws {ContextError} CONTEXT_HAS_FORKS
 */
export function* deleteContext(site: Site, name: string, forks: ForksRule, origin: Origin): Program<boolean> {
  if (site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "Deleting a context" });
  const removed = yield* site.engine.write(function* (log) {
    const row = yield* wait(log.findContext(name));
    if (row === undefined) return undefined;
    const head = yield* wait(log.head(row.context));
    const needing = yield* wait(log.forksOf(row.context));
    if (needing.length > 0 && forks === "refuse")
      throw new ContextError("CONTEXT_HAS_FORKS", { context: name, forks: yield* namesOf(log, needing) });
    const details = { context: name, events: head?.sequence ?? 0, head: head?.hash ?? "" };
    yield* appendToStore(site, log, { type: "context_deleted", effects: [], details }, origin);
    yield* removeUnlessNeeded(log, row);
    return row.context;
  });
  if (removed === undefined) return false;
  const live = liveOf(site, removed);
  if (live !== undefined) live.isDeleted = true;
  return true;
}

/** Removes a context but for what its forks need, and then what only it had needed of its deleted ancestors. */
function* removeUnlessNeeded(log: WritableLog, { context, parent }: ContextRow): Program<void> {
  const needing = yield* wait(log.forksOf(context));
  const needed = Math.max(0, ...needing.map(({ forkSequence }) => forkSequence));
  if (needed > 0) {
    yield* wait(log.keepForForks(context, needed));
    return;
  }
  yield* wait(log.removeContext(context));
  const above = parent === null ? undefined : (yield* wait(log.lineage(parent)))[0];
  if (above !== undefined && above.keptSequence !== null) yield* removeUnlessNeeded(log, above);
}

/** The names of contexts as they can be asked for: a deleted one is named by the forks that it is kept for. */
export function* namesOf(log: Log, rows: readonly ContextRow[]): Program<string[]> {
  const names: string[] = [];
  for (const { context, name, keptSequence } of rows) {
    if (keptSequence === null) names.push(name);
    else names.push(...(yield* namesOf(log, yield* wait(log.forksOf(context)))));
  }
  return names;
}

/** Appends to the store's own stream, which tells of contexts as a whole. */
export function* appendToStore(
  site: Site,
  log: WritableLog,
  draft: EventDraft,
  origin: Origin,
): Program<void> {
  const head = yield* wait(log.head(storeStream));
  const state = head === undefined ? initialState : { ...initialState, ...head };
  const { record: event } = record(state, draft, origin, site.host.now(), site.host);
  yield* wait(log.append(storeStream, event, []));
}
