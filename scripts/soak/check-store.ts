import { openStore, type Store } from "../../src/index.js";
import type { Acknowledgement } from "./assignment.js";

/** What became of a store that was hit. */
export interface Aftermath {
  /** Acknowledged events that are not there, or are not what was acknowledged. */
  readonly lost: number;
  /** What does not verify or cannot be read, in words. */
  readonly failures: readonly string[];
}

/** Opens a store after what happened to it, and holds it to what was acknowledged. */
export function checkStore(path: string, told: readonly Acknowledgement[]): Aftermath {
  try {
    using store = openStore(path, { create: false });
    const { faults } = store.verify();
    const wrong = faults.map(
      ({ context = "", sequence = 0, kind, why }) => `${context}#${sequence} ${kind}: ${why}`,
    );
    return {
      lost: told.filter((one) => !isThere(store, one)).length,
      failures: [...wrong, ...resumed(store)],
    };
  } catch (error) {
    return { lost: told.length, failures: [`it does not open: ${String(error)}`] };
  }
}

function isThere(store: Store, { context, sequence, hash }: Acknowledgement): boolean {
  const { rows } = store.query(
    `SELECT 1 FROM events JOIN contexts AS c ON c.id = events.context
     WHERE c.name = ? AND sequence = ? AND lower(hex(hash)) = ?`,
    [context, sequence, hash],
  );
  return rows.length === 1;
}

/** Whether each context reads as a whole: batches, the count of edits, and the phase that was going on. */
function resumed(store: Store): string[] {
  return store.contexts().flatMap(({ id }) => {
    const context = store.context(id);
    const isWhole = context.get("left") === context.get("right");
    return isWhole ? [] : [`${id}: half a batch is there`];
  });
}
