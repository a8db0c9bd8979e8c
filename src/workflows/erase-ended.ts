import type { Recorded } from "../core/decide.js";
import { endedKeys, endedValues } from "../core/erasures.js";
import { erasePayload, parsePayload, type Seal, type StoredPayload } from "../core/payload.js";
import type { EventPayload, WritableLog } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";

/** So many events are read at once. */
const pageEvents = 200;

/**
 * Erases the values of ephemeral keys that an event has just cleared or deleted, in the transaction that it is
 * appended in: from the newest back to the event that ended the key before, found by the key index. Their digests
 * stay, so the chain still verifies, and the event covers them. The log file is not emptied for it: this is to save
 * space, and a secret has `redact`.
 */
export function* eraseEnded(
  { digest }: Pick<Seal, "digest">,
  log: WritableLog,
  context: number,
  { record, draft }: Recorded,
): Program<void> {
  const keys = new Set(endedKeys(record, draft.effects));
  for (const key of keys) {
    let after = record.sequence;
    for (;;) {
      const page = { order: "newest", after, limit: pageEvents } as const;
      const events = sinceEnd(key, yield* wait(log.payloadsOf(context, "ephemeral", key, page)));
      for (const { sequence, payload } of events) {
        const erased = new Set(endedValues(payload, (ended) => keys.has(ended)));
        if (erased.size > 0) yield* wait(log.erase(context, sequence, erasePayload(payload, erased, digest)));
      }
      const last = events.at(-1);
      if (last === undefined || events.length < pageEvents) break;
      after = last.sequence;
    }
  }
}

interface ParsedEvent {
  readonly sequence: number;
  readonly payload: StoredPayload;
}

/** Events that changed a key, newest first, up to where it was ended before. */
function sinceEnd(key: string, events: readonly EventPayload[]): readonly ParsedEvent[] {
  const parsed = events.map(({ sequence, payload }) => ({
    sequence,
    payload: parsePayload(payload, { context: "", sequence }),
  }));
  const end = parsed.findIndex(({ payload }) =>
    payload.effects.some(
      (effect) => effect.op === "delete" && effect.scope === "ephemeral" && effect.key === key,
    ),
  );
  return end < 0 ? parsed : parsed.slice(0, end);
}
