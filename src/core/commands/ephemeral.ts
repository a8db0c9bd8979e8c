import { ContextError } from "../errors.js";
import { isProtected } from "../state.js";
import { equalValues } from "../value/equal.js";
import type { Taken } from "../value/codec.js";
import { type Command, deletions, nothing } from "./command.js";

/** Sets one ephemeral key. A protected name is refused, whether or not it has a value. */
export function setEphemeralKey(key: string, taken: Taken): Command<undefined> {
  return {
    asked: () => ["setEphemeral", key, taken.text],
    decide: (state, context) => {
      if (isProtected(state, key)) throw new ContextError("KEY_PROTECTED", { context, key });
      const present = state.scopes.ephemeral.get(key);
      if (present !== undefined && equalValues(present.value, taken.value)) return nothing(undefined);
      return {
        draft: {
          type: "ephemeral_set",
          effects: [{ op: "set", scope: "ephemeral", key, held: taken }],
          details: { key },
        },
        outcome: undefined,
      };
    },
  };
}

/** Clears all ephemeral keys; tells which they were. */
export function clearEphemeralKeys(): Command<readonly string[]> {
  return {
    asked: () => ["clearEphemeral"],
    decide: (state) => {
      const keys = [...state.scopes.ephemeral.keys()];
      return {
        draft: {
          type: "ephemeral_cleared",
          effects: deletions("ephemeral", keys),
          details: { keysCleared: keys },
        },
        outcome: keys,
      };
    },
  };
}
