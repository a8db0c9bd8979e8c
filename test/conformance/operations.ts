import type { Change, Context, StrategyName } from "../../src/index.js";
import type { Operation } from "./recording.js";

type Kind = Operation["op"];
type Played<Name extends Kind> = Extract<Operation, { op: Name }>;

/** What an operation is played on. */
export interface Stage {
  readonly context: Context;
  /** Gives the object that the caller passes at this step, and keeps, to change it later. */
  readonly pass: <Value>(value: Value) => Value;
  /** The object that the caller passed, or was given, at an earlier step. */
  readonly passed: (step: number) => unknown;
  readonly given: (step: number) => unknown;
  readonly labelOf: (snapshot: string) => string;
  readonly idOf: (label: string) => string | undefined;
  /** Restarts: whatever was in memory is gone. */
  readonly reload: () => void;
}

/** What a caller is given, and what the recordings tell of it. */
interface Answer {
  readonly given: unknown;
  readonly told: unknown;
}

const silent: Answer = { given: undefined, told: null };

/** Plays one operation through the public interface. */
export function perform(stage: Stage, operation: Operation): Answer {
  // The table has for each kind a function that takes operations of that kind.
  const play = operations[operation.op] as (stage: Stage, operation: Operation) => Answer;
  return play(stage, operation);
}

const operations: { readonly [Name in Kind]: (stage: Stage, operation: Played<Name>) => Answer } = {
  set({ context, pass }, { key, value, protected: protect, deep_copy: copy }) {
    context.set(key, pass(value), { protect, copy });
    return silent;
  },
  set_ephemeral({ context, pass }, { key, value, deep_copy: copy }) {
    context.setEphemeral(key, pass(value), { copy });
    return silent;
  },
  update({ context, pass }, { data }) {
    context.update(pass(data));
    return silent;
  },
  delete: ({ context }, { key }) => same(context.delete(key)),
  clear_ephemeral({ context }) {
    context.clearEphemeral();
    return silent;
  },
  create_snapshot({ context, pass }, { reason, metadata: given }) {
    const passed = pass(given);
    const snapshot = context.snapshot(reason, passed === null ? {} : { metadata: passed });
    const { version, metadata } = snapshot;
    const { data } = context.at(snapshot);
    return { given: data, told: structuredClone({ version, reason: snapshot.reason, metadata, data }) };
  },
  restore_snapshot({ context, idOf }, { version, snapshot: label }) {
    if (version === null) return same(context.restore());
    // Version numbers differ after a restore, so a snapshot is named by our own id.
    const snapshot = (label === null ? undefined : idOf(label)) ?? `of version ${version}`;
    return same(context.restore({ snapshot }));
  },
  get_phase_context: ({ context }) => copied(context.phaseContext()),
  merge_phase_results({ context, pass }, { results, strategy, prefix }) {
    // A recording may name a strategy that does not exist; what happens then is what it shows.
    context.merge(pass(results), strategy as StrategyName, prefix === null ? {} : { prefix });
    return silent;
  },
  get: ({ context }, operation) => copied(context.get(operation.key, operation.default ?? null)),
  contains: ({ context }, { key }) => same(context.has(key)),
  list_snapshots({ context, labelOf }) {
    const snapshots = context.snapshots();
    const told = snapshots.map(({ id, reason, metadata }) => ({ snapshot: labelOf(id), reason, metadata }));
    return { given: snapshots, told };
  },
  list_changes({ context }) {
    const changes = context.changes();
    return { given: changes, told: changes.map((change) => operationName(change)) };
  },
  mutate_arg({ passed }, { step, path, value }) {
    mutate(passed(step), path, value);
    return silent;
  },
  mutate_return({ given }, { step, path, value }) {
    mutate(given(step), path, value);
    return silent;
  },
  reload({ reload }) {
    reload();
    return silent;
  },
};

function same(given: boolean): Answer {
  return { given, told: given };
}

/** The caller may change what it was given, before it is compared. */
function copied(given: unknown): Answer {
  return { given, told: structuredClone(given) };
}

/** Changes an object as a caller would; what the store froze cannot be changed, and then nothing happens. */
function mutate(whole: unknown, path: readonly (string | number)[], value: unknown): void {
  let part = whole;
  for (const name of path.slice(0, -1)) part = (part as Record<string | number, unknown>)[name];
  if (typeof part !== "object" || part === null) throw new Error(`Nothing to change at ${path.join(".")}.`);
  if (Object.isFrozen(part)) return;
  Object.defineProperty(part, path.at(-1)!, {
    value: structuredClone(value),
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

const operationNames: Readonly<Record<string, string>> = {
  merge: "merge_phase_results",
  restore: "restore_snapshot",
};

/** An operation of the change log, by the original's name. */
export function operationName({ operation }: Change): string {
  return operationNames[operation] ?? operation;
}

/** The details that the original logged, by operation: its names, and ours. */
const detailNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  initialize: { keys: "keys" },
  set: { key: "key", had_previous: "hadPrevious", protected: "protected" },
  set_ephemeral: { key: "key" },
  update: { keys: "keys", count: "count", skipped_protected: "skippedProtected" },
  delete: { key: "key" },
  clear_ephemeral: { keys_cleared: "keysCleared" },
  merge_phase_results: { strategy: "strategy", prefix: "prefix", keys_merged: "keysMerged" },
  restore_snapshot: { version: "version", reason: "reason" },
};

/** The details of a change, by the original's names. */
export function detailsOf(change: Change): Record<string, unknown> {
  const names = Object.entries(detailNames[operationName(change)] ?? {});
  return Object.fromEntries(names.map(([name, ours]) => [name, change.details[ours]]));
}
