import { type Covered, erasureMark } from "../erasures.js";
import { ContextError } from "../errors.js";
import type { DraftEffect, Scope } from "../event.js";
import { type Entry, isGuarded, type State } from "../state.js";
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
  /** Keys whose values stand in the log as changes of what is erased: they are written anew. */
  readonly carried: readonly { readonly scope: Scope; readonly key: string }[];
}

/** The scopes whose values an erasure reaches. */
export const erasableScopes = ["persistent", "ephemeral", "unmerged"] as const;

/**
 * Where a value of a scope has what is at a path, as steps into that value: in the key's own values the rest of
 * the path, in work that waits to be merged what it made of the key. Undefined where it can have nothing of it.
 */
export function stepsInto(scope: Scope, key: string, path: ValuePath): readonly Step[] | undefined {
  if (scope === "unmerged") return ["changed", ...path];
  const [own, ...steps] = path;
  return key === own && erasableScopes.some((erasable) => erasable === scope) ? steps : undefined;
}
type Step = ValuePath[number];

/** Records which values of the past are erased, and takes the same part out of the present ones. */
export function redactValues(redacting: Redacting, codec: Codec): Command<undefined> {
  const { path, reason, covered, keepsPresent, carried } = redacting;
  return {
    asked: () => ["redact", writePath(path), reason],
    decide: (state, context) => {
      const changed = keepsPresent ? [] : presentEffects(state, context, path, codec);
      const present = [...changed, ...carriedEffects(state, carried, changed, codec)];
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
 * Whether a value has something at the end of some steps. A null element is nothing: it is what stands in the
 * place of one that was erased.
 */
export function holdsPart(value: unknown, steps: readonly Step[]): boolean {
  const found = findPart(value, steps);
  return found !== undefined && !(typeof steps.at(-1) === "number" && found.value === null);
}

function presentEffects(state: State, context: string, path: ValuePath, codec: Codec): DraftEffect[] {
  return erasableScopes.flatMap((scope) =>
    entriesOf(state, scope, path).flatMap(([key, entry]): DraftEffect[] => {
      const steps = stepsInto(scope, key, path);
      if (steps === undefined || !holdsPart(entry.value, steps)) return [];
      if (scope === "persistent" && isGuarded(state, key))
        throw new ContextError("KEY_PROTECTED", { context, key });
      if (steps.length === 0) return deletions(scope, [key]);
      const rest = withoutPart(entry.value, steps);
      // Work that waits is a record of the store's own around the values.
      const held = scope === "unmerged" ? codec.record(rest, "phase") : codec.take(rest, key);
      return [{ op: "set", scope, key, held }];
    }),
  );
}

function carriedEffects(
  state: State,
  carried: Redacting["carried"],
  changed: readonly DraftEffect[],
  codec: Codec,
): DraftEffect[] {
  return carried.flatMap(({ scope, key }): DraftEffect[] => {
    const entry = state.scopes[scope].get(key);
    const isChanged = changed.some((effect) => effect.scope === scope && effect.key === key);
    if (entry === undefined || isChanged) return [];
    return [{ op: "set", scope, key, held: codec.describe(entry.value, key) }];
  });
}

/** The entries of a scope that may have something at a path. */
function entriesOf(state: State, scope: Scope, [key]: ValuePath): [string, Entry][] {
  if (scope === "unmerged") return [...state.scopes.unmerged.entries()];
  const entry = state.scopes[scope].get(key);
  return entry === undefined ? [] : [[key, entry]];
}
