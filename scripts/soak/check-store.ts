import { openStore, type Store } from "../../src/index.js";
import type { Acknowledgement } from "./assignment.js";

/** What became of a store that was hit. */
export interface Aftermath {
  /** Acknowledged events that are not there, or are not what was acknowledged. */
  readonly lost: number;
  /** What does not verify or cannot be read, in words. */
  readonly failures: readonly string[];
  /** Events beyond the last acknowledged one of each context that was told of. */
  readonly unacknowledged: number;
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
      failures: [...wrong, ...halves(store)],
      unacknowledged: countBeyond(store, told),
    };
  } catch (error) {
    return { lost: told.length, failures: [`it does not open: ${String(error)}`], unacknowledged: 0 };
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

/** Half batches; both keys are written by one. */
function halves(store: Store): string[] {
  return store.contexts().flatMap(({ id }) => {
    const context = store.context(id);
    const isWhole = context.get("left") === context.get("right");
    return isWhole ? [] : [`${id}: half a batch is there`];
  });
}

function countBeyond(store: Store, told: readonly Acknowledgement[]): number {
  const last = new Map<string, number>();
  for (const { context, sequence } of told) last.set(context, Math.max(sequence, last.get(context) ?? 0));
  const beyond = [...last].map(([id, sequence]) => (store.find(id)?.sequence ?? sequence) - sequence);
  return beyond.reduce((sum, count) => sum + Math.max(0, count), 0);
}
