import { isProtected } from "../state.js";
import { type Command, nothing } from "./command.js";

/** Protects a name, whether it has a value or not; tells whether that is new. */
export function protectKey(key: string): Command<boolean> {
  return {
    asked: () => ["protect", key],
    decide: (state) => {
      if (isProtected(state, key)) return nothing(false);
      return {
        draft: {
          type: "key_protected",
          effects: [{ op: "protect", scope: "protection", key }],
          details: { key },
        },
        outcome: true,
      };
    },
  };
}

/** Lifts the protection of a name; tells whether there was one. */
export function unprotectKey(key: string): Command<boolean> {
  return {
    asked: () => ["unprotect", key],
    decide: (state) => {
      if (!isProtected(state, key)) return nothing(false);
      return {
        draft: {
          type: "key_unprotected",
          effects: [{ op: "unprotect", scope: "protection", key }],
          details: { key },
        },
        outcome: true,
      };
    },
  };
}
