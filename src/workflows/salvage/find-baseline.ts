import {
  type BaselineFacts,
  baselineDigest,
  baselineFacts,
  baselineSequences,
  standingRecord,
} from "../../core/baseline.js";
import { prunedBy } from "../../core/erasures.js";
import { isContextError } from "../../core/errors.js";
import type { EventRecord } from "../../core/event.js";
import { parsePayload, type StoredPayload } from "../../core/payload.js";
import type { FoundEvent } from "../../engines/engine.js";
import { baselineOf } from "../baseline.js";
import type { Workplace } from "../workplace.js";
import type { Candidates } from "./candidates.js";
import type { PrunedBeginning } from "./chain.js";

/** A beginning of a pruned history, and the events that were found for it. */
export interface FoundBaseline extends PrunedBeginning {
  readonly found: readonly FoundEvent[];
}

/** Finds what the history of a context begins with, if it was pruned: the newest baseline that proves true. */
export function findBaseline(
  workplace: Workplace,
  candidates: Candidates,
  context: number,
): FoundBaseline | undefined {
  const prunings = candidates
    .of(context)
    .flatMap(({ record }) => {
      const told =
        record.type === "history_pruned" ? prunedBy(payloadOf(record) ?? { details: {} }) : undefined;
      return told === undefined ? [] : [{ ...told, at: record.sequence }];
    })
    .sort((a, b) => b.floor - a.floor);
  for (const { floor, baseline, at } of prunings) {
    for (const last of candidates.at(context, floor)) {
      const found = assembled(workplace, candidates, { context, last, digest: baseline, at });
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function assembled(
  workplace: Workplace,
  candidates: Candidates,
  { context, last, digest, at }: { context: number; last: FoundEvent; digest: string; at: number },
): FoundBaseline | undefined {
  const payload = payloadOf(last.record);
  const facts = payload && baselineFacts(payload);
  // What a fork shares with its parent is not looked for: its history then begins where it can be proven.
  if (facts === undefined || facts.after > 0) return undefined;
  const found: FoundEvent[] = [];
  for (const sequence of baselineSequences(facts)) {
    const isLast = sequence === last.record.sequence;
    const event = isLast
      ? last
      : candidates.at(context, sequence).find(({ record }) => isStanding(record, facts));
    if (event === undefined) return undefined;
    found.push(event);
  }
  const records = found.map(({ record }) => standingRecord(record, facts, record === last.record));
  if (baselineDigest(records, facts, workplace.host.digest) !== digest) return undefined;
  try {
    const { state } = baselineOf(records, facts, workplace.codec, "");
    return { at, state, records, found };
  } catch (error) {
    if (isContextError(error, "EVENT_UNREADABLE")) return undefined;
    throw error;
  }
}

/** An older page may have an event as it was before what stands by it was written whole. */
function isStanding(record: EventRecord, { standing }: BaselineFacts): boolean {
  const effects = payloadOf(record)?.effects ?? [];
  return (standing[record.sequence] ?? []).every(([scope, key]) =>
    effects.some((effect) => effect.scope === scope && effect.key === key && effect.op !== "patch"),
  );
}

function payloadOf({ payload, sequence }: EventRecord): StoredPayload | undefined {
  try {
    return parsePayload(payload, { context: "", sequence });
  } catch {
    return undefined;
  }
}
