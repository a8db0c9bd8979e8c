import type { EventRecord, Scope } from "../../src/core/event.js";
import { creationOrder } from "../../src/core/state.js";
import type { CurrentWrite, KeyChangeRow, NameRow, RowWrite } from "../../src/projections/rows.js";

/** An event as an engine keeps it, plain where nothing else is asked for. */
export function eventRecord(sequence: number, given: Partial<EventRecord> = {}): EventRecord {
  return {
    sequence,
    version: sequence - 1,
    type: "value_set",
    payload: `{"format":1,"effects":[],"details":{"number":${sequence}}}`,
    actor: null,
    cause: null,
    phase: null,
    batch: null,
    tags: null,
    idempotencyKey: null,
    recordedAt: 1_000 * sequence,
    hash: sequence.toString(16).padStart(64, "0"),
    ...given,
  };
}

/** The rows of an event that sets one key; `created` is given where the key was there before. */
export function setRows(
  sequence: number,
  key: string,
  { scope = "persistent", value = "1", created = creationOrder(sequence, 0) }: SetDetails = {},
): [CurrentWrite, KeyChangeRow] {
  const version = sequence - 1;
  return [
    {
      table: "current",
      scope,
      key,
      created,
      sequence,
      version,
      changedAt: 1_000 * sequence,
      value,
      bytes: null,
    },
    { table: "key-changes", scope, key, sequence, created, operation: "set" },
  ];
}
interface SetDetails {
  readonly scope?: Scope;
  readonly value?: string | null;
  readonly created?: number;
}

/** The rows of an event that deletes one key. */
export function deleteRows(sequence: number, key: string, scope: Scope = "persistent"): RowWrite[] {
  return [
    { table: "current-removal", scope, key },
    { table: "key-changes", scope, key, sequence, created: creationOrder(sequence, 0), operation: "delete" },
  ];
}

export function nameRow(name: string): NameRow {
  return { table: "names", name };
}
