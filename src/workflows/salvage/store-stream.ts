import { type EventRecord, storeStream } from "../../core/event.js";
import { chainFault } from "../../core/link-fault.js";
import { parsePayload } from "../../core/payload.js";
import { payloadFault } from "../../core/payload-schema.js";
import { initialState } from "../../core/state.js";
import type { FoundEvent } from "../../engines/engine.js";
import type { Workplace } from "../workplace.js";
import type { Candidates } from "./candidates.js";

/** Takes the store's own events, as far as each proves to follow from the one before it. */
export function takeStoreStream({ host }: Workplace, candidates: Candidates): readonly EventRecord[] {
  const records: EventRecord[] = [];
  let before = { sequence: 0, hash: initialState.hash };
  for (;;) {
    const found = candidates
      .at(storeStream, before.sequence + 1)
      .find(({ record }) => follows(before, record, host.digest));
    if (found === undefined) return records;
    candidates.place(found);
    records.push(found.record);
    before = found.record;
  }
}

/** Whether an event's hash follows from that of the event before it, and covers all that it says. */
function follows(
  before: Pick<EventRecord, "sequence" | "hash">,
  record: EventRecord,
  digest: Workplace["host"]["digest"],
): boolean {
  try {
    const payload = parsePayload(record.payload, { context: "", sequence: record.sequence });
    const fault = payloadFault(record.payload, payload) ?? chainFault(before, record, payload, digest);
    return fault === undefined;
  } catch {
    return false;
  }
}

/** Whether an event proves to follow from one that claims the place before it. */
export function isLinked(
  { context, record }: FoundEvent,
  candidates: Candidates,
  digest: Workplace["host"]["digest"],
): boolean {
  return candidates
    .at(context, record.sequence - 1)
    .some(({ record: before }) => follows(before, record, digest));
}

/** A context that was deleted, as the store's own stream tells. */
export interface Deletion {
  readonly position: number;
  readonly name: string;
  readonly events: number;
  readonly head: string;
}

/** Finds what was deleted; to be told of it is enough, proven or not. */
export function findDeletions(candidates: Candidates): readonly Deletion[] {
  return candidates.of(storeStream).flatMap((event) => deletionIn(event) ?? []);
}

function deletionIn({ position, record }: FoundEvent): Deletion | undefined {
  if (record.type !== "context_deleted") return undefined;
  try {
    const { details } = parsePayload(record.payload, { context: "", sequence: record.sequence });
    const { context: name, events, head } = details;
    if (typeof name !== "string" || typeof events !== "number" || typeof head !== "string") return undefined;
    return { position, name, events, head };
  } catch {
    return undefined;
  }
}
