import { scopes } from "../core/event.js";
import { initialState, placedEntry, type State } from "../core/state.js";
import { stateOfEntries } from "../core/state-of-entries.js";
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
  const entries = present.flatMap((change) => {
    const value = values.get(change);
    return value === undefined ? [] : [{ ...change, entry: placedEntry(value, value.by, change.created) }];
  });
  // Changes come in the order in which their keys were created.
  return stateOfEntries(event, entries);
}
