import { type EventRecord, scopes } from "../core/event.js";
import { KeyMap } from "../core/key-map.js";
import { type Entry, initialState, placedEntry, type State } from "../core/state.js";
import type { Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import type { KeyChangeRow } from "../projections/rows.js";
import { eventAt, keysAtIn, type Line } from "./line.js";
import { valuesOfChanges } from "./whole-value.js";
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
  const values = yield* valuesOfChanges(log, line, present, codec, name);
  const whole = present.flatMap((change) => {
    const value = values.get(change);
    return value === undefined ? [] : [{ change, entry: placedEntry(value, value.by, change.created) }];
  });
  return assemble(event, whole);
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
