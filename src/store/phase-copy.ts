import { ContextError } from "../core/errors.js";
import { checkKey } from "../core/names.js";
import type { State } from "../core/state.js";
import type { Codec, Held, Taken } from "../core/value/codec.js";
import { equalValues } from "../core/value/equal.js";
import { inspect, LazyCopy } from "../core/value/lazy-copy.js";
import type { Begun } from "../workflows/phase.js";
import type { PhaseWork } from "../workflows/phase-records.js";
import { checkSymbols } from "./intake.js";

/** A mutable copy of both scopes; persistent values win. */
export function copyOf({ scopes }: State): LazyCopy {
  const { persistent, ephemeral } = scopes;
  const held = new Map<string, Held>(persistent.entries());
  for (const [key, one] of ephemeral.entries()) if (!held.has(key)) held.set(key, one);
  return new LazyCopy(held);
}

/** Takes in what the work changed; whether it fits its schema is asked when it is merged. */
export function takeWork(
  codec: Codec,
  { base, run }: Extract<Begun, { isDone: false }>,
  lazy: LazyCopy,
  result: unknown,
): PhaseWork {
  const { persistent } = base.scopes;
  checkSymbols(lazy.copy, [inspect]);
  const brought = new Set(Object.keys(lazy.copy));
  const changed = new Map<string, Taken>();
  for (const key of brought) {
    if (lazy.isUnread(key)) continue;
    const taken = takeChanged(codec, base, key, Reflect.get(lazy.copy, key));
    if (taken !== undefined) changed.set(key, taken);
  }
  return {
    changed,
    removed: [...persistent.keys()].filter((key) => !brought.has(key)),
    result: codec.take(result, `result of phase ${run.name}`),
    base: new Map(persistent.entries()),
    startedAt: base.sequence,
  };
}

/** Takes in the value of a key, unless it is what the key had, or what it had in passing. */
function takeChanged(codec: Codec, { scopes }: State, key: string, value: unknown): Taken | undefined {
  const before = scopes.persistent.get(key);
  if (before === undefined ? scopes.ephemeral.has(key) : equalValues(before.value, value)) return undefined;
  const taken = takeBrought(codec, key, value);
  // Instances of registered classes can be compared only once both are held.
  return before !== undefined && equalValues(before.value, taken.value) ? undefined : taken;
}

function takeBrought(codec: Codec, key: string, value: unknown): Taken {
  if (value === undefined) throw new ContextError("VALUE_UNSUPPORTED", { path: key, what: "undefined" });
  return codec.take(value, checkKey(key));
}
