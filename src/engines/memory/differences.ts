import { type ContextTable, emptyProjections, type Projections } from "./tables.js";

/** Rows that are on one side only, of those set aside and those rebuilt, by the name of their projection. */
export function countDifferences(
  rebuilt: ReadonlyMap<number, ContextTable>,
  aside: ReadonlyMap<number, Projections>,
): Readonly<Record<string, number>> {
  const contexts = [...new Set([...rebuilt.keys(), ...aside.keys()])];
  const nothing = emptyProjections();
  const count = (rowsOf: (projections: Projections) => Set<string>) =>
    contexts.reduce((sum, context) => {
      const after = rowsOf(rebuilt.get(context)?.projections ?? nothing);
      const before = rowsOf(aside.get(context) ?? nothing);
      return sum + countUnshared(after, before) + countUnshared(before, after);
    }, 0);
  return Object.fromEntries(Object.entries(tables).map(([name, rowsOf]) => [name, count(rowsOf)]));
}

/** Each projection's rows as texts that are equal where the rows are. */
const tables: Readonly<Record<string, (projections: Projections) => Set<string>>> = {
  current_keys: ({ current }) => textsOf([...current.values()].flatMap((keys) => [...keys.values()])),
  key_changes: ({ changes }) => textsOf([...changes.values()].flatMap((keys) => [...keys.values()].flat())),
  phases: ({ phases }) => textsOf([...phases.values()]),
  receipts: ({ receipts }) => textsOf([...receipts]),
};

/** Rows are always built field by field in one order, so equal ones have equal texts. */
function textsOf(rows: readonly unknown[]): Set<string> {
  return new Set(rows.map((row) => JSON.stringify(row)));
}

function countUnshared(rows: ReadonlySet<string>, others: ReadonlySet<string>): number {
  return [...rows].filter((row) => !others.has(row)).length;
}
