import { storeStream } from "../../core/event.js";
import type { FoundEvent, Remains } from "../../engines/engine.js";
import type { Workplace } from "../workplace.js";
import type { Chains } from "./build-chains.js";
import type { Candidates } from "./candidates.js";
import { Chain } from "./chain.js";
import { type Deleted, nameIn } from "./deleted-contexts.js";
import { isLinked } from "./store-stream.js";

/** Events that were not recovered, and why. */
export interface MissingEvents {
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

/** How far a history was recovered. */
export interface Recovery {
  /** The last event that was recovered; 0 for none. */
  readonly recovered: number;
  /** The last event that there is any trace of. */
  readonly of: number;
  readonly missing: readonly MissingEvents[];
}

/** What an account is made from. */
export interface Findings {
  readonly remains: Remains;
  readonly candidates: Candidates;
  readonly chains: Chains;
  readonly deleted: Deleted;
}

/** The recovery of one context, under the number that it had. */
export interface ContextRecovery extends Recovery {
  readonly context: number;
  /** The name that it had, as far as anything tells. */
  readonly name: string | undefined;
}

/** Accounts for every context that there is a trace of, and for the store's own stream (under its number). */
export function accountFor(
  workplace: Workplace,
  findings: Findings,
  streamLength: number,
): readonly ContextRecovery[] {
  const { remains, candidates, chains, deleted } = findings;
  const traces = tracesIn(remains, candidates);
  const rows = new Map(
    remains.contexts.filter(({ isKept }) => !isKept).map((row) => [row.context, row.name]),
  );
  const numbers = new Set([storeStream, ...chains.keys(), ...traces.keys(), ...rows.keys()]);
  return [...numbers]
    .filter((context) => !deleted.has(context))
    .sort((a, b) => a - b)
    .map((context) => {
      const chain = chains.get(context);
      const events = candidates.of(context);
      const recovered = context === storeStream ? streamLength : (chain?.state.sequence ?? 0);
      const least = rows.has(context) ? 1 : 0;
      const trace = [...(traces.get(context) ?? [])].filter((sequence) => sequence > recovered);
      const of = trace.reduce((most, sequence) => Math.max(most, sequence), Math.max(recovered, least));
      const begin = recovered === 0 ? firstOf(events) : recovered + 1;
      const missing = missingIn(
        begin,
        of,
        explain(workplace, events, candidates, chain ?? new Chain(context)),
      );
      const name = chain?.name ?? rows.get(context) ?? nameIn(events);
      return { context, name, recovered, of, missing };
    });
}

/** The numbers of events that are not in their place, by contexts, as far as anything tells of them. */
function tracesIn({ listed }: Remains, candidates: Candidates): ReadonlyMap<number, ReadonlySet<number>> {
  const { placedPositions, unplaced } = candidates;
  const listedPositions = new Map(listed.map((entry) => [entry.position, entry]));
  const traces = new Map<number, Set<number>>();
  const add = (context: number, sequence: number) => {
    traces.set(context, (traces.get(context) ?? new Set()).add(sequence));
  };
  // An event that found its place says more than whatever else is said of its position.
  for (const { context, sequence, position } of listed)
    if (!placedPositions.has(position)) add(context, sequence);
  for (const { context, position, record } of unplaced)
    if (!placedPositions.has(position) && !listedPositions.has(position)) add(context, record.sequence);
  return traces;
}

/** The number that the own events of an unbuilt context begin with. */
function firstOf(events: readonly FoundEvent[]): number {
  const [first] = events.map(({ record }) => record).sort((a, b) => a.sequence - b.sequence);
  return first?.type === "context_forked" ? first.sequence : 1;
}

/** Why each event that was found is not in its place. */
function explain(
  workplace: Workplace,
  events: readonly FoundEvent[],
  candidates: Candidates,
  chain: Chain,
): ReadonlyMap<number, string> {
  const reasons = new Map<number, string>();
  for (const event of events) {
    const { record } = event;
    if (candidates.isPlaced(event) || reasons.has(record.sequence)) continue;
    if (record.sequence === chain.state.sequence + 1) {
      reasons.set(record.sequence, chain.take(workplace, event, new Set()) ?? "");
    } else if (record.type === "context_forked") {
      reasons.set(record.sequence, "the event of the parent that it starts from was not recovered");
    } else {
      const hasLink = isLinked(event, candidates, workplace.host.digest);
      reasons.set(record.sequence, hasLink ? isCutOff : isUnproven);
    }
  }
  return reasons;
}

const isCutOff = "it follows from the event before it, but what lies before that is lost";
const isUnproven = "what it follows from is lost, or it is damaged itself";

/** Puts what is missing together in stretches with one reason. */
function missingIn(begin: number, end: number, reasons: ReadonlyMap<number, string>): MissingEvents[] {
  const stretches: { from: number; to: number; why: string }[] = [];
  const add = (from: number, to: number, why: string) => {
    if (from > to) return;
    const last = stretches.at(-1);
    if (last?.why === why) last.to = to;
    else stretches.push({ from, to, why });
  };
  let next = begin;
  const known = [...reasons].filter(([sequence]) => sequence >= begin && sequence <= end);
  for (const [sequence, why] of known.sort(([a], [b]) => a - b)) {
    add(next, sequence - 1, "it was not found");
    add(sequence, sequence, why);
    next = sequence + 1;
  }
  add(next, end, "it was not found");
  return stretches;
}
