import { type Covered, erasureMark } from "../erasures.js";
import { ContextError } from "../errors.js";
import type { DraftEffect } from "../event.js";
import { isGuarded, type State } from "../state.js";
import type { Codec } from "../value/codec.js";
import { findPart } from "../value/find-part.js";
import { type ValuePath, writePath } from "../value/parse-path.js";
import { withoutPart } from "../value/without-part.js";
import { type Command, deletions } from "./command.js";

/** An erasure: what is erased of which events, and whether the present value loses the part, too. */
export interface Redacting {
  readonly path: ValuePath;
  readonly reason: string;
  readonly covered: Covered;
  readonly keepsPresent: boolean;
}

/** The scopes whose values an erasure reaches. */
export const erasableScopes = ["persistent", "ephemeral"] as const;

/** Records which values of the past are erased, and takes the same part out of the present ones. */
export function redactValues(redacting: Redacting, codec: Codec): Command<undefined> {
  const { path, reason, covered, keepsPresent } = redacting;
  return {
    asked: ["redact", writePath(path), reason],
    decide: (state, context) => {
      const present = keepsPresent ? [] : presentEffects(state, context, path, codec);
      const isNothing = present.length === 0 && Object.keys(covered).length === 0;
      return {
        draft: {
          type: "values_erased",
          effects: isNothing ? [] : [...present, erasureMark(codec)],
          details: { path: writePath(path), reason, erased: covered },
        },
        outcome: undefined,
      };
    },
  };
}

/**
 * Whether a value has something at the end of a path that begins with its key. A null element is nothing: it is
 * what stands in the place of one that was erased.
 */
export function holdsPart(value: unknown, [, ...steps]: ValuePath): boolean {
  const found = findPart(value, steps);
  return found !== undefined && !(typeof steps.at(-1) === "number" && found.value === null);
}

function presentEffects(state: State, context: string, path: ValuePath, codec: Codec): DraftEffect[] {
  const [key, ...steps] = path;
  return erasableScopes.flatMap((scope): DraftEffect[] => {
    const entry = state.scopes[scope].get(key);
    if (entry === undefined || !holdsPart(entry.value, path)) return [];
    if (scope === "persistent" && isGuarded(state, key))
      throw new ContextError("KEY_PROTECTED", { context, key });
    if (steps.length === 0) return deletions(scope, [key]);
    return [{ op: "set", scope, key, held: codec.take(withoutPart(entry.value, steps), key) }];
  });
}
