import { crc32 } from "node:zlib";
import type { KeyChangeRow } from "../../projections/rows.js";
import type { ContextRow, CurrentRow } from "../engine.js";

type Column = string | number | null;

/**
 * The checksum of a row. SQLite notices damage to its own structures, but not that a value changed on the disk; so
 * each row carries the CRC-32 of its columns, as the signed number that SQLite keeps in four bytes, and it is
 * compared wherever the row is read. Texts stand behind their lengths, so that no two rows read alike; `after` is
 * the checksum of what goes before.
 */
export function checkOf(columns: readonly Column[], after = 0): number {
  return checkOfFirst(columns.length, columns, after);
}

/** Does what {@link checkOf} does with the first columns of a longer row, whose others may be of any kind. */
export function checkOfFirst(count: number, columns: readonly unknown[], after = 0): number {
  let text = "";
  for (let index = 0; index < count; index++) {
    // Which columns are covered, and that they are of this kind, the callers' types say.
    const column = columns[index] as Column;
    text += typeof column === "string" ? `${column.length}:${column}` : `${String(column)};`;
  }
  return crc32(text, after >>> 0) | 0;
}

/** What a payload is bound to by its checksum. */
interface PayloadPlace {
  readonly sequence: number;
  readonly version: number;
  readonly recordedAt: number;
}

/** Covers a payload, and of which event it is. */
export function payloadCheck(
  context: number,
  { sequence, version, recordedAt }: PayloadPlace,
  payload: string,
): number {
  return checkOf([context, sequence, version, recordedAt, payload]);
}

/** Covers what the present keys and the key index both say of a key. */
export function placeCheck({
  scope,
  key,
  created,
  sequence,
}: Pick<CurrentRow, "scope" | "key" | "created" | "sequence">): number {
  return checkOf([scope, key, created, sequence]);
}

/** Covers a row of current_keys; `place` is its {@link placeCheck}. */
export function currentCheck(
  context: number,
  { version, changedAt, value, bytes }: Pick<CurrentRow, "version" | "changedAt" | "value" | "bytes">,
  place: number,
): number {
  // Rows of an older release have no column for the size.
  const columns = [context, version, changedAt, value];
  return checkOf(bytes === null ? columns : [...columns, bytes], place);
}

/** Covers a row of key_changes; `place` is its {@link placeCheck}. */
export function changeCheck(
  context: number,
  position: number,
  operation: KeyChangeRow["operation"],
  place: number,
): number {
  return checkOf([context, position, operation], place);
}

/** Covers a row of contexts; the floor, if it has one, so that older rows keep their checksums. */
export function contextCheck(row: ContextRow): number {
  const { context, name, createdAt, parent, forkSequence, keptSequence, floorSequence } = row;
  const columns = [context, name, createdAt, parent, forkSequence, keptSequence];
  return checkOf(floorSequence === 0 ? columns : [...columns, floorSequence]);
}
