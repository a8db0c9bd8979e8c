import type { KeyChangeRow } from "../../projections/rows.js";
import { changeCheck, placeCheck } from "./row-check.js";
import type { RowGuard } from "./row-guard.js";

/** A row of the key index, as a list of columns. */
export type ChangeTuple = readonly [
  scope: KeyChangeRow["scope"],
  key: string,
  sequence: number,
  created: number,
  operation: KeyChangeRow["operation"],
  position: number,
  check: number | null,
];

/** The columns of {@link ChangeTuple}, for a SELECT FROM key_changes AS k. */
export const changeColumns = "k.scope, k.key, k.sequence, k.created, k.operation, k.position, k.row_check";

/** Reads a row of the key index, which must be as it was written. */
export function changeOf(tuple: ChangeTuple, context: number, guard: RowGuard): KeyChangeRow {
  const [scope, key, sequence, created, operation, position, check] = tuple;
  const row: KeyChangeRow = { table: "key-changes", scope, key, sequence, created, operation };
  guard.compare(
    check,
    changeCheck(context, position, operation, placeCheck(row)),
    "key_changes",
    context,
    key,
  );
  return row;
}
