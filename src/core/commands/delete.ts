import { ContextError } from "../errors.js";
import { isGuarded } from "../state.js";
import { type Command, deletions, nothing } from "./command.js";

/** Deletes a key from both scopes; tells whether it was in either. */
export function deleteKey(key: string): Command<boolean> {
  return {
    asked: () => ["delete", key],
    decide: (state, context) => {
      if (isGuarded(state, key)) throw new ContextError("KEY_PROTECTED", { context, key });
      const holders = (["persistent", "ephemeral"] as const).filter((scope) => state.scopes[scope].has(key));
      if (holders.length === 0) return nothing(false);
      return {
        draft: {
          type: "value_deleted",
          effects: holders.flatMap((scope) => deletions(scope, [key])),
          details: { key },
        },
        outcome: true,
      };
    },
  };
}
