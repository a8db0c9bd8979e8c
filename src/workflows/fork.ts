import type { Point } from "../core/address.js";
import type { Facts } from "../core/commands/describe.js";
import { forkContext, inheritedScopes } from "../core/commands/fork.js";
import { decide, record } from "../core/decide.js";
import { type Covered, coveredBy, erasureKey, erasureMark } from "../core/erasures.js";
import { ContextError } from "../core/errors.js";
import { type Origin, type Scope, valueScopes } from "../core/event.js";
import { parsePayload } from "../core/payload.js";
import type { Entry, State } from "../core/state.js";
import type { Codec } from "../core/value/codec.js";
import { largeBytes } from "../core/with-patches.js";
import type { Log, WritableLog } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { presentValue, project } from "../projections/project.js";
import type { CurrentWrite, RowWrite } from "../projections/rows.js";
import { changesIn, eventAt, type Line, lineOf, segmentAt } from "./line.js";
import { locate, newestState } from "./read-past.js";
import type { Site } from "./site.js";
import { stateAt } from "./state-at.js";
import { projected } from "./unit.js";
import { type Live, nameOf } from "./workplace.js";

/** A fork as asked: its name, where it starts, and what is to be said of it in other words. */
export interface ForkRequest {
  readonly name: string;
  readonly point: Point;
  readonly metadata: Facts;
}

/**
 * Makes a context that starts as another one was at a point. It shares the history up to there by reference:
 * only its present keys are written anew, and the index that leads to the events that made them.
 * @throws {ContextError} CONTEXT_EXISTS, ADDRESS_NOT_FOUND, BATCH_UNSUPPORTED
 */
export function* fork(site: Site, live: Live, request: ForkRequest, origin: Origin): Program<Live> {
  if (site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "Forking" });
  return yield* site.engine.write(function* (log): Program<Live> {
    const present = yield* newestState(site, log, live);
    if ((yield* wait(log.findContext(request.name))) !== undefined)
      throw new ContextError("CONTEXT_EXISTS", { context: request.name });
    const { sequence } = yield* locate(log, live, present, request.point);
    const base = yield* stateAt(site, log, live.line, sequence);
    return yield* start(site, log, { live, base, parent: nameOf(present) }, request, origin);
  });
}

function* start(
  site: Site,
  log: WritableLog,
  { live, base, parent }: { readonly live: Live; readonly base: State; readonly parent: string },
  { name, metadata }: ForkRequest,
  origin: Origin,
): Program<Live> {
  const { codec, host } = site;
  const covered = yield* erasedSince(log, live.line, base.sequence);
  const command = forkContext({
    name: codec.take(name, "name"),
    parent,
    metadata,
    covered,
    erasureMark: erasureMark(codec),
  });
  const now = host.now();
  const { draft } = decide(base, command, { context: parent, receipt: undefined, now: () => now });
  if (draft === undefined) throw new Error("A fork made no event; this is a bug in durable-context.");
  const recorded = record(base, draft, origin, now, host);
  const owner = segmentAt(live.line, base.sequence).context;
  const context = yield* wait(
    log.createContext({
      name,
      createdAt: recorded.record.recordedAt,
      fork: { parent: owner, sequence: base.sequence },
    }),
  );
  const rows = [...inheritedRows(base, live.line, codec), ...project(projected(recorded, base))];
  yield* wait(log.append(context, recorded.record, rows));
  const mark = yield* wait(log.changeMark());
  const line = yield* lineOf(log, context);
  return { context, line, state: recorded.state, mark, autoSnapshot: 0, isDeleted: false };
}

/** What of the events up to one was erased later, as the later events of the line tell. */
function* erasedSince(log: Log, line: Line, sequence: number): Program<Covered> {
  const covered: Record<string, readonly number[]> = {};
  const place = { scope: "erasure", key: erasureKey } as const;
  const page = { order: "oldest", after: sequence, limit: Number.MAX_SAFE_INTEGER } as const;
  for (const telling of yield* changesIn(log, line, place, page)) {
    const event = yield* eventAt(log, line, telling);
    if (event === undefined) continue;
    const payload = parsePayload(event.payload, { context: "", sequence: telling });
    for (const [erased, effects] of Object.entries(coveredBy(event, payload) ?? {}))
      if (Number(erased) <= sequence) covered[erased] = [...(covered[erased] ?? []), ...effects];
  }
  return covered;
}

/** The rows that a fork, or a pruned context, begins with: its keys as they were, and which of its ancestors' events made them so. */
export function inheritedRows(
  base: State,
  line: Line,
  codec: Codec,
  scopes: readonly Scope[] = inheritedScopes,
): RowWrite[] {
  return scopes.flatMap((scope) =>
    [...base.scopes[scope].entries()].flatMap(([key, entry]): RowWrite[] => {
      const { created, sequence, version, changedAt } = entry;
      const isMark = scope === "protection";
      const owner = segmentAt(line, sequence).context;
      const operation = isMark ? "protect" : "set";
      return [
        {
          table: "current",
          scope,
          key,
          created,
          sequence,
          version,
          changedAt,
          ...valueInRow(scope, entry, codec),
        },
        { table: "inherited-key", scope, key, sequence, created, operation, owner },
      ];
    }),
  );
}

/** How the value of an entry stands in its row: as {@link project} would have it there. */
export function valueInRow(scope: Scope, entry: Entry, codec: Codec): Pick<CurrentWrite, "value" | "bytes"> {
  if (scope === "protection") return { value: null, bytes: null };
  const { value, bytes, chainBytes } = entry;
  const isShort = chainBytes === 0 && bytes < largeBytes;
  const text = isShort || !valueScopes.includes(scope) ? codec.describe(value, "value").text : null;
  return presentValue({ scope, text, bytes });
}
