import type { CursorRow } from "../../core/cursor.js";
import type { Log, WritableLog } from "../engine.js";
import { compareCodePoints } from "./code-point-order.js";
import type { Tables } from "./tables.js";

/** Answers where folds over a context's events have come to. */
export function readCursors(tables: Tables): Pick<Log, "cursor" | "cursors"> {
  return {
    cursor: (context, name) => tables.contexts.get(context)?.cursors.get(name),
    cursors: (context) =>
      [...(tables.contexts.get(context)?.cursors.values() ?? [])]
        .sort((a, b) => compareCodePoints(a.name, b.name))
        .map(({ name, sequence, hash, updatedAt }) => ({ name, sequence, hash, updatedAt })),
  };
}

/** Keeps them; they are nobody's projection, so a rebuild leaves them alone. */
export function writeCursors({
  contexts,
  journal,
}: Tables): Pick<WritableLog, "saveCursor" | "removeCursor" | "removeCursors"> {
  const cursorsOf = (context: number): Map<string, CursorRow> =>
    contexts.get(context)?.cursors ?? new Map<string, CursorRow>();
  return {
    saveCursor: (context, { name, sequence, hash, value, updatedAt }) => {
      journal.set(cursorsOf(context), name, Object.freeze({ name, sequence, hash, value, updatedAt }));
    },
    removeCursor: (context, name) => {
      const cursors = cursorsOf(context);
      const isThere = cursors.has(name);
      journal.delete(cursors, name);
      return isThere;
    },
    removeCursors: (context) => {
      const cursors = cursorsOf(context);
      for (const name of [...cursors.keys()]) journal.delete(cursors, name);
    },
  };
}
