import { type EventRecord, type Scope, scopes } from "../core/event.js";
import { KeyMap } from "../core/key-map.js";
import { decodeEffects, parsePayload } from "../core/payload.js";
import { type Entry, entryOf, initialState, type State } from "../core/state.js";
import type { Codec } from "../core/value/codec.js";
import type { EventPayload, Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import type { KeyChangeRow } from "../projections/rows.js";
import { misled } from "./misled.js";
import { eventAt, keysAtIn, type Line, payloadsIn } from "./line.js";
import type { Workplace } from "./workplace.js";

/**
 * The whole state after an event of a line, as replaying everything up to it would give it; found by the key
 * index, it costs the keys and not the history.
 */
export function* stateAt(
  { codec }: Pick<Workplace, "codec">,
  log: Log,
  line: Line,
  sequence: number,
): Program<State> {
  if (sequence === 0) return initialState;
  const event = yield* eventAt(log, line, sequence);
  if (event === undefined)
    throw new Error(`There is no event #${sequence} on this line; this is a bug in durable-context.`);
  const changes: KeyChangeRow[] = [];
  for (const scope of scopes) changes.push(...(yield* keysAtIn(log, line, scope, sequence)));
  const present = changes.filter(({ operation }) => operation === "set" || operation === "protect");
  const name = (yield* wait(log.contextName(line.context))) ?? "";
  const payloads = yield* payloadsIn(log, line, [...new Set(present.map((change) => change.sequence))]);
  const entries = entriesOf(present, payloads, codec, name);
  const whole = present.map((change) => ({ change, entry: entryAt(entries, change, name) }));
  return assemble(event, whole);
}

/** The entries that changes left, by their places; each payload is parsed once, and only what is asked for decoded. */
function entriesOf(
  changes: readonly KeyChangeRow[],
  payloads: readonly EventPayload[],
  codec: Codec,
  context: string,
): ReadonlyMap<string, Entry> {
  const created = new Map(changes.map((change) => [placeOf(change, change.sequence), change.created]));
  const entries = new Map<string, Entry>();
  for (const event of payloads) {
    const { sequence } = event;
    const place = { context, sequence };
    const payload = parsePayload(event.payload, place);
    const effects = payload.effects.filter((effect) => created.has(placeOf(effect, sequence)));
    for (const effect of decodeEffects({ ...payload, effects }, codec, place)) {
      const at = placeOf(effect, sequence);
      const entry = entryOf(effect, event, created.get(at) ?? 0);
      if (entry !== undefined) entries.set(at, entry);
    }
  }
  return entries;
}

/** An event has at most one effect for each key of a scope, and no scope has a space in its name. */
function placeOf({ scope, key }: { readonly scope: Scope; readonly key: string }, sequence: number): string {
  return `${sequence} ${scope} ${key}`;
}

function entryAt(entries: ReadonlyMap<string, Entry>, change: KeyChangeRow, context: string): Entry {
  const { sequence } = change;
  const entry = entries.get(placeOf(change, sequence));
  if (entry !== undefined) return entry;
  throw misled(context, sequence);
}

/** Puts entries in the order of their changes, which is that of creation. */
function assemble(
  { sequence, version, recordedAt, hash }: EventRecord,
  entries: readonly { readonly change: KeyChangeRow; readonly entry: Entry }[],
): State {
  const keys = new Map(scopes.map((scope) => [scope, new Map<string, Entry>()]));
  for (const { change, entry } of entries) keys.get(change.scope)?.set(change.key, entry);
  const filled = Object.fromEntries([...keys].map(([scope, held]) => [scope, KeyMap.from(held)]));
  const persistentBytes = [...(keys.get("persistent")?.values() ?? [])].reduce(
    (sum, { bytes }) => sum + bytes,
    0,
  );
  return {
    sequence,
    version,
    recordedAt,
    hash,
    scopes: { ...initialState.scopes, ...filled },
    persistentBytes,
  };
}
