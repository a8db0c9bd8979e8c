import { type Scope, scopes } from "./event.js";
import { KeyMap } from "./key-map.js";
import { type Entry, initialState, type State } from "./state.js";

/** An entry, and where it stands. */
export interface PlacedEntry {
  readonly scope: Scope;
  readonly key: string;
  readonly entry: Entry;
}

/** The state after an event, put together from its entries, in order of creation. */
export function stateOfEntries(
  { sequence, version, recordedAt, hash }: Pick<State, "sequence" | "version" | "recordedAt" | "hash">,
  entries: Iterable<PlacedEntry>,
): State {
  const keys = new Map(scopes.map((scope) => [scope, new Map<string, Entry>()]));
  let persistentBytes = 0;
  for (const { scope, key, entry } of entries) {
    keys.get(scope)?.set(key, entry);
    if (scope === "persistent") persistentBytes += entry.bytes;
  }
  const filled = Object.fromEntries([...keys].map(([scope, held]) => [scope, KeyMap.from(held)]));
  return {
    sequence,
    version,
    recordedAt,
    hash,
    scopes: { ...initialState.scopes, ...filled },
    persistentBytes,
  };
}
