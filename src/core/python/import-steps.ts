import { deletions } from "../commands/command.js";
import type { DraftEffect, EventDraft, Json } from "../event.js";
import { type SnapshotRule, trimmedBy } from "../retention.js";
import { snapshotsOf } from "../snapshot.js";
import type { State } from "../state.js";
import type { Codec, Taken } from "../value/codec.js";
import { equalValues } from "../value/equal.js";
import { ImportedValues } from "./imported-values.js";
import type { PythonChange, PythonSession, PythonSnapshot } from "./session.js";

/** One event that an import makes, and when what it tells of happened, in ms since the epoch. */
export interface ImportStep {
  readonly at: number;
  readonly draft: (state: State) => EventDraft;
}

/** What an import needs beside the session. */
export interface Importing {
  readonly source: string;
  /** The new context's id. */
  readonly name: Taken;
  readonly codec: Codec;
  readonly rule: SnapshotRule;
  readonly newId: () => string;
  /** Of one value, as JSON. */
  readonly mostBytes: number;
  /** What the last event is to say of the file. */
  readonly details: Readonly<Record<string, Json>>;
}

/**
 * The events that a session becomes, oldest first: each snapshot brings the data to what it holds and marks that, each
 * line of the change log is told of, and the last event brings the data to what was saved. Nobody knows the changes in
 * between, since the original logs no values.
 */
export function* importSteps(session: PythonSession, importing: Importing): Generator<ImportStep> {
  const values = new ImportedValues(importing);
  const steps = new ImportSteps(session, importing, values);
  yield steps.begin();
  const snapshots = session.snapshots.map((snapshot, i) => () => steps.snapshot(snapshot, i));
  const changes = session.changes.map((change, i) => () => steps.change(change, i));
  let [taken, told] = [0, 0];
  // Each list stays in its order, whatever its times say; between them, times decide.
  while (taken < snapshots.length || told < changes.length) {
    const snapshotAt = session.snapshots[taken]?.timestamp ?? Infinity;
    const changeAt = session.changes[told]?.timestamp ?? Infinity;
    const next = changeAt <= snapshotAt ? changes[told++] : snapshots[taken++];
    if (next !== undefined) yield next();
  }
  yield steps.end();
}

class ImportSteps {
  readonly #session: PythonSession;
  readonly #importing: Importing;
  readonly #values: ImportedValues;

  constructor(session: PythonSession, importing: Importing, values: ImportedValues) {
    this.#session = session;
    this.#importing = importing;
    this.#values = values;
  }

  begin(): ImportStep {
    const effects: DraftEffect[] = [{ op: "set", scope: "context", key: "name", held: this.#importing.name }];
    return {
      at: wholeMs(this.#session.createdAt),
      draft: () => ({ type: "context_created", effects, details: { keys: [] } }),
    };
  }

  change({ operation, version, timestamp, details }: PythonChange, index: number): ImportStep {
    const told = this.#values.json(details, ["change_log", String(index), "details"]);
    return {
      at: wholeMs(timestamp),
      draft: () => ({
        type: "change_imported",
        effects: [],
        details: { operation, version, timestamp, details: told },
      }),
    };
  }

  snapshot({ reason, data, ...snapshot }: PythonSnapshot, index: number): ImportStep {
    const { codec, rule, newId } = this.#importing;
    const { version, timestamp } = snapshot;
    const at = ["snapshots", String(index)];
    const target = this.#values.keys(data, [...at, "data"]);
    const metadata = this.#values.dictionary(snapshot.metadata, [...at, "metadata"]);
    const takenAt = wholeMs(timestamp);
    return {
      at: takenAt,
      draft: (state) => {
        const id = newId();
        const bytes = [...target.values()].reduce((sum, taken) => sum + taken.bytes, 0);
        const trimmed = trimmedBy(rule, snapshotsOf(state), { isPinned: false, bytes, takenAt });
        const imported = { version, timestamp };
        const held = codec.record({ reason, metadata, bytes, imported }, "snapshot");
        return {
          type: "snapshot_imported",
          effects: [
            ...difference(state, "persistent", target),
            { op: "set", scope: "snapshot", key: id, held },
            ...deletions("snapshot", trimmed),
          ],
          details: { snapshot: id, reason, trimmed, imported },
          // A version that the original went back from comes before the last one all the same.
          version: Math.min(this.#session.version, Math.max(state.version, version)),
        };
      },
    };
  }

  end(): ImportStep {
    const { persistent, ephemeral, protectedKeys, ...session } = this.#session;
    const target = this.#values.keys(persistent, ["persistent"]);
    const scratch = this.#values.keys(ephemeral, ["ephemeral"]);
    const names = [...new Set(protectedKeys)].map((key) => this.#values.key(key, ["protected_keys"]));
    const { sessionId, version, createdAt, updatedAt, snapshots, changes } = session;
    return {
      at: wholeMs(updatedAt),
      draft: (state) => ({
        type: "session_imported",
        effects: [
          ...difference(state, "persistent", target),
          ...difference(state, "ephemeral", scratch),
          ...names.map((key): DraftEffect => ({ op: "protect", scope: "protection", key })),
        ],
        details: {
          ...this.#importing.details,
          session: { id: sessionId, version, createdAt, updatedAt },
          snapshots: snapshots.length,
          changes: changes.length,
        },
        version,
      }),
    };
  }
}

/** The effects that bring the keys of a scope to a target. */
function difference(
  state: State,
  scope: "persistent" | "ephemeral",
  target: ReadonlyMap<string, Taken>,
): DraftEffect[] {
  const present = state.scopes[scope];
  const gone = [...present.keys()].filter((key) => !target.has(key));
  const changed = [...target].filter(([key, taken]) => {
    const entry = present.get(key);
    return entry === undefined || !equalValues(entry.value, taken.value);
  });
  return [
    ...deletions(scope, gone),
    ...changed.map(([key, held]): DraftEffect => ({ op: "set", scope, key, held })),
  ];
}

/** Seconds, as Python has them, in whole ms. */
function wholeMs(seconds: number): number {
  return Math.floor(seconds * 1000);
}
