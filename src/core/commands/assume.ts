import type { DraftEffect, EventDraft, Scope } from "../event.js";
import type { Codec, Held } from "../value/codec.js";
import { ErasedValue } from "../value/erased.js";
import { inheritedScopes } from "./fork.js";

/** A state as it stands after one event: its keys, scope by scope, in order of creation. */
export interface Standing {
  readonly sequence: number;
  readonly version: number;
  readonly recordedAt: number;
  readonly keys: (scope: Scope) => Iterable<readonly [key: string, held: Held]>;
}

/** What is assumed of a state: all but what leads back into a history that is not there. */
const assumedScopes: readonly Scope[] = [...inheritedScopes, "ephemeral"];

/** The event with which a what-if begins: it sets everything as it stands, but for values that were erased. */
export function assumeState({ keys, sequence, version }: Standing, codec: Codec): EventDraft {
  const effects = assumedScopes.flatMap((scope) =>
    [...keys(scope)]
      .filter(([, { value }]) => !(value instanceof ErasedValue))
      .map(([key, held]) => assume(scope, key, held, codec)),
  );
  const persistent = effects.filter(({ scope }) => scope === "persistent").map(({ key }) => key);
  return { type: "context_created", effects, details: { keys: persistent, assumed: { sequence, version } } };
}

function assume(scope: Scope, key: string, { value }: Held, codec: Codec): DraftEffect {
  if (scope === "protection") return { op: "protect", scope, key };
  return { op: "set", scope, key, held: codec.record(value, key) };
}
