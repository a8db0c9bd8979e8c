import type { Details, EventHeader, EventType } from "./event.js";
import { type StoredPayload, withoutReceipt } from "./payload.js";

/** One line of the change log. */
export interface Change {
  readonly operation: ChangeOperation;
  readonly version: number;
  readonly sequence: number;
  /** When it was recorded, in ms since the epoch. */
  readonly at: number;
  readonly actor: string | null;
  readonly cause: string | null;
  readonly phase: string | null;
  readonly details: Details;
}

const operations = {
  context_created: "initialize",
  context_forked: "fork",
  value_set: "set",
  value_edited: "edit",
  value_deleted: "delete",
  values_updated: "update",
  values_merged: "merge",
  phase_finished: "merge",
  ephemeral_set: "set_ephemeral",
  ephemeral_cleared: "clear_ephemeral",
  key_protected: "protect",
  key_unprotected: "unprotect",
  snapshot_restored: "restore",
  values_erased: "redact",
} as const satisfies Partial<Record<EventType, string>>;

export type ChangeOperation = (typeof operations)[keyof typeof operations];

/** An event as the change log tells it, values left aside; undefined for events that it does not tell of. */
export function changeOf(event: EventHeader, payload: StoredPayload): Change | undefined {
  const { type, version, sequence, recordedAt, actor, cause, phase } = event;
  if (!isLogged(type) || isEmpty(type, payload)) return undefined;
  const details = withoutReceipt(payload.details);
  return Object.freeze({
    operation: operations[type],
    version,
    sequence,
    at: recordedAt,
    actor,
    cause,
    phase,
    details: Object.freeze(details),
  });
}

/** Whether the change log tells of events of a type, unless they are empty. */
export function isLogged(type: EventType): type is keyof typeof operations {
  return type in operations;
}

/** A context without initial data, or a phase that changed no data, is no change. */
function isEmpty(type: EventType, { effects }: StoredPayload): boolean {
  if (type !== "context_created" && type !== "phase_finished") return false;
  return !effects.some(({ scope }) => scope === "persistent");
}
