import { ContextError } from "../core/errors.js";
import { checkKey } from "../core/names.js";
import type { State } from "../core/state.js";
import type { Codec, Taken } from "../core/value/codec.js";
import { equalValues } from "../core/value/equal.js";
import type { Begun } from "../workflows/phase.js";
import type { PhaseWork } from "../workflows/phase-records.js";
import { ownEntries } from "./intake.js";

/** A mutable deep copy of both scopes; persistent values win. */
export function copyOf({ scopes }: State, codec: Codec): object {
  const entries = [
    ...scopes.persistent.entries(),
    ...[...scopes.ephemeral.entries()].filter(([key]) => !scopes.persistent.has(key)),
  ];
  return Object.fromEntries(entries.map(([key, held]) => [key, codec.thaw(held)]));
}

/** Takes in what the work changed; whether it fits its schema is asked when it is merged. */
export function takeWork(
  codec: Codec,
  { base, run }: Extract<Begun, { isDone: false }>,
  copy: object,
  result: unknown,
): PhaseWork {
  const { persistent, ephemeral } = base.scopes;
  const brought = new Map(ownEntries(copy));
  const changed = new Map<string, Taken>();
  for (const [key, value] of brought) {
    const before = persistent.get(key);
    if (before === undefined ? ephemeral.has(key) : equalValues(before.value, value)) continue;
    const taken = takeBrought(codec, key, value);
    // Instances of registered classes can be compared only once both are held.
    if (before === undefined || !equalValues(before.value, taken.value)) changed.set(key, taken);
  }
  return {
    changed,
    removed: [...persistent.keys()].filter((key) => !brought.has(key)),
    result: codec.take(result, `result of phase ${run.name}`),
    base: new Map(persistent.entries()),
    startedAt: base.sequence,
  };
}

function takeBrought(codec: Codec, key: string, value: unknown): Taken {
  if (value === undefined) throw new ContextError("VALUE_UNSUPPORTED", { path: key, what: "undefined" });
  return codec.take(value, checkKey(key));
}
