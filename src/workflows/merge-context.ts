import { type Merging, planMerge } from "../core/commands/merge.js";
import type { Written } from "../core/commands/update.js";
import { ContextError } from "../core/errors.js";
import type { DraftEffect } from "../core/event.js";
import type { MergeStrategy } from "../core/merge/strategy.js";
import type { OfferBorder } from "../core/phase-offer.js";
import type { Entry, State } from "../core/state.js";
import type { Held, Taken } from "../core/value/codec.js";
import type { Log } from "../engines/engine.js";
import type { Program } from "../program/program.js";
import { type Intent, inUnit, performAsked } from "./change.js";
import { eventAt, type Line } from "./line.js";
import { newestState, valuesAt } from "./read-past.js";
import type { Site } from "./site.js";
import type { Unit } from "./unit.js";
import { type Live, nameOf } from "./workplace.js";

/** A merge of another context of the same store, as it is at that moment. */
export interface ContextMerge {
  readonly from: Live;
  readonly strategy: MergeStrategy;
  readonly prefix: string | undefined;
  readonly accept: OfferBorder["accept"];
}

/**
 * Merges what another context holds. A three-way merge finds its base by itself: the last state that one of
 * the two was merged into the other at, else the one from which they were forked.
 * @throws {ContextError} MERGE_CONFLICT, BASE_REQUIRED, CONTEXT_DELETED
 */
export function* mergeContext(site: Site, live: Live, merge: ContextMerge, intent: Intent): Program<Written> {
  return yield* inUnit(site, intent.origin, function* (unit) {
    const theirs = yield* stateOf(site, unit, merge.from);
    const origin = yield* identityOf(unit.log, merge.from.line);
    const { strategy, prefix } = merge;
    return yield* performAsked(site, unit, live, {
      asked: () => ["mergeContext", strategy.name, prefix ?? null, origin, theirs.sequence],
      intent,
      *prepare() {
        const base = yield* baseOf(site, unit, live, merge, { theirs, origin });
        const merging = mergingOf(site, merge, theirs, base);
        const { sequence, version } = theirs;
        const from = { context: nameOf(theirs), sequence, version };
        const mark = site.codec.record({ ...from, hash: theirs.hash }, "merge");
        return (state, context) => {
          const { effects, details, outcome } = planMerge(state, context, merging);
          const marked: DraftEffect[] =
            effects.length === 0 ? [] : [{ op: "set", scope: "merge", key: origin, held: mark }];
          const draft = {
            type: "values_merged" as const,
            effects: [...effects, ...marked],
            details: { ...details, from },
          };
          return { draft, outcome };
        };
      },
    });
  });
}

function* stateOf(site: Site, unit: Unit, live: Live): Program<State> {
  yield* unit.flush();
  return unit.stateOf(live) ?? (yield* newestState(site, unit.log, live));
}

/** What stays the same of a context whatever it is called and wherever it is: the hash of its own first event. */
function* identityOf(log: Log, line: Line): Program<string> {
  const first = yield* eventAt(log, line, line.segments[0].after + 1);
  return first?.hash ?? "";
}

interface Theirs {
  readonly theirs: State;
  readonly origin: string;
}

/** The values that both started from; undefined where the strategy needs none. */
function* baseOf(
  site: Site,
  unit: Unit,
  live: Live,
  { from, strategy }: ContextMerge,
  { theirs, origin }: Theirs,
): Program<Map<string, Taken> | undefined> {
  if (!strategy.needsBase) return undefined;
  const ours = yield* unit.join(live);
  const theyHad = yield* metAt(unit.log, from, ours.scopes.merge.get(origin));
  const identity = yield* identityOf(unit.log, live.line);
  const weHad = yield* metAt(unit.log, live, theirs.scopes.merge.get(identity));
  const at = later(theyHad, weHad);
  const shared = at ?? { live, sequence: commonSequence(live.line, from.line) };
  if (shared.sequence === undefined) throw new ContextError("BASE_REQUIRED", { strategy: strategy.name });
  const { sequence } = shared;
  return yield* valuesAt(site, unit.log, shared.live, { scope: "persistent", sequence });
}

/** A merge of the past: what was merged, at which event of whoever took it. */
interface Met {
  readonly live: Live;
  readonly mark: Entry;
}

/** A merge that is remembered, if it was of this very history: contexts loaded one by one may share a first event. */
function* metAt(log: Log, live: Live, mark: Entry | undefined): Program<Met | undefined> {
  if (mark === undefined) return undefined;
  const { sequence, hash } = markOf(mark);
  const event = yield* eventAt(log, live.line, sequence);
  return event?.hash === hash ? { live, mark } : undefined;
}

/** Written by mergeContext, the only place that sets keys of this scope. */
function markOf({ value }: Entry): { readonly sequence: number; readonly hash: string } {
  return value as { readonly sequence: number; readonly hash: string };
}

/** The later of two merges, one in each direction: the one that took the other's outcome in. */
function later(
  taken: Met | undefined,
  given: Met | undefined,
): { readonly live: Live; readonly sequence: number } | undefined {
  const wasTakenFirst =
    given !== undefined && (taken === undefined || mergedUpTo(given) >= taken.mark.sequence);
  const met = wasTakenFirst ? given : taken;
  return met && { live: met.live, sequence: mergedUpTo(met) };
}

function mergedUpTo({ mark }: Met): number {
  return markOf(mark).sequence;
}

/** The last event that two lines share. */
function commonSequence(one: Line, other: Line): number | undefined {
  for (const { context, upTo } of one.segments) {
    const shared = other.segments.find((segment) => segment.context === context);
    if (shared !== undefined) return Math.min(upTo, shared.upTo);
  }
  return undefined;
}

function mergingOf(
  { codec }: Site,
  { strategy, prefix, accept }: ContextMerge,
  theirs: State,
  base: ReadonlyMap<string, Held> | undefined,
): Merging {
  const { persistent } = theirs.scopes;
  const offered = new Map<string, Taken>();
  for (const [key, { value }] of persistent.entries()) {
    const name = strategy.rename(key, prefix);
    offered.set(name, accept(name, codec.take(value, key)));
  }
  const removed = [...(base?.keys() ?? [])].filter((key) => !persistent.has(key));
  return { strategy, prefix, offered, removed, base };
}
