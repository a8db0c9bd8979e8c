import { type EventRecord, type Origin, storeStream } from "../../core/event.js";
import type { Remains } from "../../engines/engine.js";
import { type Program, wait } from "../../program/program.js";
import { importContexts } from "../import-contexts.js";
import type { Site } from "../site.js";
import { type Verification, verify } from "../verify.js";
import { accountFor, type ContextRecovery, type Findings, type Recovery } from "./account.js";
import { buildChains } from "./build-chains.js";
import { Candidates } from "./candidates.js";
import type { Addition } from "./closing-events.js";
import { findDeleted } from "./deleted-contexts.js";
import { ErasedPlaces } from "./erase-again.js";
import { exportLines, planContexts, type PlannedContext } from "./plan-contexts.js";
import { takeStoreStream } from "./store-stream.js";
import { unplacedLines } from "./unplaced-lines.js";

/** What became of one context. */
export interface SalvagedContext extends Recovery {
  /** Its id in the new store; where nothing of it was recovered, the id that it had, as far as it is known. */
  readonly context: string | undefined;
  /** What had to be added: an event that names it anew, or one that tells again of what was erased. */
  readonly added: readonly Addition[];
}

/** What a salvage found, and what it made of it. */
export interface SalvageReport {
  /** Whether everything that there is a trace of was recovered. */
  readonly isComplete: boolean;
  readonly contexts: readonly SalvagedContext[];
  /** The store's own stream, which tells of contexts deleted and imported. */
  readonly stream: Recovery;
  /** Contexts that had been deleted, of which something was still there; none of it was recovered. */
  readonly deleted: readonly string[];
  /** What of the files cannot be read, in words. */
  readonly damage: readonly string[];
  /** Whether so much cannot be read that events may be gone without a trace. */
  readonly mayHideEvents: boolean;
  /** The newest event that the anchor beside the store names, and whether it was recovered. */
  readonly anchor: { readonly position: number; readonly isRecovered: boolean } | undefined;
  /** What the new store's own verification found. */
  readonly verification: Verification;
}

/** Fills a new store with what proves true of the remains of another; gives the report, and what had no place. */
export function* salvage(
  site: Site,
  remains: Remains,
  origin: Origin,
): Program<{ readonly report: SalvageReport; readonly unplaced: readonly string[] }> {
  const candidates = new Candidates(remains);
  const stream = takeStoreStream(site, candidates);
  const chains = buildChains(site, candidates);
  const deleted = findDeleted(remains, candidates, chains);
  const erased = new ErasedPlaces(site, candidates, chains);
  for (const { context, records } of chains.values())
    records.forEach((record, index) => (records[index] = erased.erase(context, record)));
  const findings = { remains, candidates, chains, deleted };
  const recoveries = accountFor(site, findings, stream.length);
  const planned = planContexts(site, chains, { contexts: remains.contexts, deleted }, origin);
  yield* appendStream(site, stream);
  yield* importContexts(site, exportLines(planned), remains.source, origin);
  const verification = yield* verify(site, { contexts: undefined, head: undefined });
  const report = reportOf(findings, recoveries, planned, verification);
  return { report, unplaced: unplacedLines(site, findings, recoveries, erased) };
}

/** What the store told of itself comes first; what is imported now follows from it. */
function* appendStream(site: Site, records: readonly EventRecord[]): Program<void> {
  yield* site.engine.write(function* (log) {
    for (const record of records) yield* wait(log.append(storeStream, record, []));
  });
}

function reportOf(
  { remains, candidates, deleted }: Findings,
  recoveries: readonly ContextRecovery[],
  planned: readonly PlannedContext[],
  verification: Verification,
): SalvageReport {
  const byNumber = new Map(planned.map((one) => [one.chain.context, one]));
  const told = recoveries.map(({ context, name, ...recovery }) => {
    const plan = byNumber.get(context);
    return { number: context, context: plan?.name ?? name, added: plan?.added ?? [], ...recovery };
  });
  const { damage, mayHideEvents, anchor } = remains;
  const isRecovered = anchor === undefined || candidates.placedHashes.has(anchor.hash);
  const isComplete = !mayHideEvents && isRecovered && recoveries.every(({ missing }) => missing.length === 0);
  const [stream = { recovered: 0, of: 0, missing: [] }] = recoveries.filter(
    ({ context }) => context === storeStream,
  );
  return {
    isComplete,
    contexts: told.filter(({ number }) => number !== storeStream).map(withoutNumber),
    stream: { recovered: stream.recovered, of: stream.of, missing: stream.missing },
    deleted: [...deleted.values()],
    damage,
    mayHideEvents,
    anchor: anchor && { position: anchor.position, isRecovered },
    verification,
  };
}

function withoutNumber({
  context,
  added,
  recovered,
  of,
  missing,
}: SalvagedContext & { readonly number: number }): SalvagedContext {
  return { context, recovered, of, missing, added };
}
