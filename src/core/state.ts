import { type AppliedEvent, type Effect, markHeld, type Scope, type SetEffect } from "./event.js";
import { KeyMap } from "./key-map.js";
import type { Held } from "./value/codec.js";

/** What a context holds under one key: the value, its encoded size, and which events made and changed it. */
export interface Entry extends Held {
  readonly bytes: number;
  /** Where it was changed since it was last written whole: what has to be read for it, in bytes; 0 elsewhere. */
  readonly chainBytes: number;
  /** The event of the last change. */
  readonly sequence: number;
  /** The version that event made. */
  readonly version: number;
  /** When the event of the last change was recorded, in ms since the epoch. */
  readonly changedAt: number;
  /** Orders keys by creation: the creating event's sequence, then the effect's place in it. */
  readonly created: number;
}

/** Everything known of a context after its event number `sequence`; immutable. */
export interface State {
  readonly sequence: number;
  readonly version: number;
  readonly recordedAt: number;
  /** The last event's hash, hex; the chain goes on from it. */
  readonly hash: string;
  readonly scopes: Readonly<Record<Scope, KeyMap<Entry>>>;
  /** Bytes of all persistent values as encoded. */
  readonly persistentBytes: number;
}

/** Hash that stands before the first event of a chain. */
export const chainStart = "0".repeat(64);

/** The state before any event. */
export const initialState: State = {
  sequence: 0,
  version: 0,
  recordedAt: 0,
  hash: chainStart,
  persistentBytes: 0,
  scopes: {
    persistent: KeyMap.empty(),
    ephemeral: KeyMap.empty(),
    protection: KeyMap.empty(),
    metadata: KeyMap.empty(),
    limit: KeyMap.empty(),
    snapshot: KeyMap.empty(),
    pin: KeyMap.empty(),
    phase: KeyMap.empty(),
    unmerged: KeyMap.empty(),
    merge: KeyMap.empty(),
    erasure: KeyMap.empty(),
    archive: KeyMap.empty(),
    context: KeyMap.empty(),
  },
};

/** Most effects that one event can order among each other; see {@link creationOrder}. */
export const effectsPerEvent = 1_000_000;

/** What of an event makes the state after it. */
export type StateEvent = Pick<AppliedEvent, "sequence" | "version" | "recordedAt" | "effects"> & {
  readonly hash: string;
};

/** The state after an event. It applies effects and knows no rules: those were decided when it was made. */
export function evolve(state: State, event: StateEvent): State {
  const scopes = { ...state.scopes };
  let { persistentBytes } = state;
  event.effects.forEach((effect, index) => {
    const before = scopes[effect.scope];
    const previous = before.get(effect.key);
    const created = previous?.created ?? creationOrder(event.sequence, index);
    const entry = entryOf(effect, event, created, previous);
    scopes[effect.scope] = entry === undefined ? before.delete(effect.key) : before.set(effect.key, entry);
    if (effect.scope === "persistent") persistentBytes += (entry?.bytes ?? 0) - (previous?.bytes ?? 0);
  });
  return {
    sequence: event.sequence,
    version: event.version,
    recordedAt: event.recordedAt,
    hash: event.hash,
    scopes,
    persistentBytes,
  };
}

/** Where a key stands among those of its scope: by the event that created it, then by its place therein. */
export function creationOrder(sequence: number, index: number): number {
  return sequence * effectsPerEvent + index;
}

/** Whether a name is protected; it need not have a value. */
export function isProtected(state: State, key: string): boolean {
  return state.scopes.protection.has(key);
}

/** The value that protection guards: a present one under a protected name. */
export function isGuarded(state: State, key: string): boolean {
  return state.scopes.persistent.has(key) && isProtected(state, key);
}

/** What an effect leaves under its key, which was created where `created` says; nothing where it removes it. */
function entryOf(
  effect: Effect,
  event: StampedEvent,
  created: number,
  previous: Entry | undefined,
): Entry | undefined {
  switch (effect.op) {
    case "delete":
    case "unprotect":
      return undefined;
    case "set":
      return placedValue(effect.held, 0, event, created);
    case "patch":
      return placedValue(effect.held, costOfReading(previous) + effect.cost, event, created);
    case "protect":
      return placedEntry(markEntry, event, created);
  }
}

/** A value as an entry has it, whichever event left it. */
export type EntryValue = Pick<Entry, "value" | "sharable" | "bytes" | "chainBytes">;

/** What the key of a mark holds in place of a value. */
export const markEntry: EntryValue = { ...markHeld, bytes: 0, chainBytes: 0 };

/** What has to be read for a value, in bytes. */
export function costOfReading(entry: EntryValue | undefined): number {
  if (entry === undefined) return 0;
  return entry.chainBytes > 0 ? entry.chainBytes : entry.bytes;
}

type StampedEvent = Pick<StateEvent, "sequence" | "version" | "recordedAt">;

/** Named field by field: the size of a value that was just taken in is told by its prototype. */
function placedValue(
  { value, sharable, bytes }: SetEffect["held"],
  chainBytes: number,
  event: StampedEvent,
  created: number,
): Entry {
  return placedEntry({ value, sharable, bytes, chainBytes }, event, created);
}

/** An entry that an event left. */
export function placedEntry(
  { value, sharable, bytes, chainBytes }: EntryValue,
  { sequence, version, recordedAt: changedAt }: StampedEvent,
  created: number,
): Entry {
  return { value, sharable, bytes, chainBytes, sequence, version, changedAt, created };
}
