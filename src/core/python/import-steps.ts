import { deletions } from "../commands/command.js";
import type { DraftEffect, EventDraft, Json } from "../event.js";
import { type SnapshotRule, trimmedBy } from "../retention.js";
import { snapshotsOf } from "../snapshot.js";
import type { State } from "../state.js";
import type { Codec, Taken } from "../value/codec.js";
import { bring } from "./bring.js";
import type { DatedDraft, Drafts } from "./dated-draft.js";
import { ImportedValues } from "./imported-values.js";
import type { PythonChange, PythonSession, PythonSnapshot } from "./session.js";

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
 * The events that a session becomes, oldest first: for each snapshot, one that brings the data to what it holds and one
 * that marks it; one that tells of each line of the change log; at the end those that bring the data to what was saved.
 * Nobody knows the changes in between, since the original logs no values.
 * @throws {ContextError} PYTHON_INVALID, PYTHON_REFUSED
 */
export function* importSteps(session: PythonSession, importing: Importing): Drafts {
  const steps = new ImportSteps(session, importing);
  let state = yield steps.begin();
  let [taken, told] = [0, 0];
  // Each list stays in its order, whatever its times say; between the two, times decide.
  for (;;) {
    const [snapshot, change] = [session.snapshots[taken], session.changes[told]];
    if (change !== undefined && change.timestamp <= (snapshot?.timestamp ?? Infinity)) {
      state = yield steps.change(change, told++);
    } else if (snapshot !== undefined) {
      state = yield* steps.snapshot(state, snapshot, taken++);
    } else break;
  }
  yield* steps.end(state);
}

class ImportSteps {
  readonly #session: PythonSession;
  readonly #importing: Importing;
  readonly #values: ImportedValues;

  constructor(session: PythonSession, importing: Importing) {
    this.#session = session;
    this.#importing = importing;
    this.#values = new ImportedValues(importing);
  }

  begin(): DatedDraft {
    const effects: DraftEffect[] = [{ op: "set", scope: "context", key: "name", held: this.#importing.name }];
    return { type: "context_created", effects, details: { keys: [] }, at: wholeMs(this.#session.createdAt) };
  }

  change({ operation, version, timestamp, details }: PythonChange, index: number): DatedDraft {
    const told = this.#values.json(details, ["change_log", String(index), "details"]);
    return {
      type: "change_imported",
      effects: [],
      details: { operation, version, timestamp, details: told },
      at: wholeMs(timestamp),
    };
  }

  *snapshot(before: State, snapshot: PythonSnapshot, index: number): Drafts<State> {
    const place = ["snapshots", String(index)];
    const at = wholeMs(snapshot.timestamp);
    // One that the original went back from comes before the last one all the same.
    const version = Math.min(this.#session.version, Math.max(before.version, snapshot.version));
    const values = this.#values.keys(snapshot.data, [...place, "data"]);
    const state = yield* bring(before, "persistent", values, { at, version });
    const metadata = this.#values.dictionary(snapshot.metadata, [...place, "metadata"]);
    return yield { ...this.#mark(state, snapshot, metadata), at, version };
  }

  #mark(state: State, { reason, version, timestamp }: PythonSnapshot, metadata: object): EventDraft {
    const { codec, rule, newId } = this.#importing;
    const id = newId();
    const { persistentBytes: bytes } = state;
    const takenAt = Math.max(state.recordedAt, wholeMs(timestamp));
    const trimmed = trimmedBy(rule, snapshotsOf(state), { isPinned: false, bytes, takenAt });
    const imported = { version, timestamp };
    const held = codec.record({ reason, metadata, bytes, imported }, "snapshot");
    return {
      type: "snapshot_imported",
      effects: [{ op: "set", scope: "snapshot", key: id, held }, ...deletions("snapshot", trimmed)],
      details: { snapshot: id, reason, trimmed, imported },
    };
  }

  *end(before: State): Drafts {
    const { sessionId, version, createdAt, updatedAt, ...session } = this.#session;
    const at = wholeMs(updatedAt);
    const values = this.#values.keys(session.persistent, ["persistent"]);
    const state = yield* bring(before, "persistent", values, { at, version });
    yield* bring(state, "ephemeral", this.#values.keys(session.ephemeral, ["ephemeral"]), { at, version });
    const names = new Set(session.protectedKeys.map((key) => this.#values.key(key, ["protected_keys"])));
    yield {
      type: "session_imported",
      effects: [...names].map((key): DraftEffect => ({ op: "protect", scope: "protection", key })),
      details: {
        ...this.#importing.details,
        session: { id: sessionId, version, createdAt, updatedAt },
        snapshots: session.snapshots.length,
        changes: session.changes.length,
      },
      at,
      version,
    };
  }
}

/** Seconds, as Python has them, in whole ms. */
function wholeMs(seconds: number): number {
  return Math.floor(seconds * 1000);
}
