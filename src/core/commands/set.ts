import { ContextError } from "../errors.js";
import type { DraftEffect } from "../event.js";
import { isGuarded, isProtected } from "../state.js";
import { equalValues } from "../value/equal.js";
import type { Held, Taken } from "../value/codec.js";
import { type Command, type Decision, nothing } from "./command.js";
import type { State } from "../state.js";

/** Sets one persistent key; with `protect`, the key is protected from then on, in the same event. */
export function setKey(key: string, taken: Taken, options: { protect: boolean }): Command<undefined> {
  return {
    asked: () => ["set", key, taken.text, options.protect],
    decide: (state, context) => decideSet(state, context, { key, taken, type: "value_set", ...options }),
  };
}

/**
 * Sets one persistent key to what `change` makes of its present value; `change` runs once, on the state
 * that the event will follow.
 */
export function editKey(key: string, change: (present: Held | undefined) => Taken): Command<undefined> {
  return {
    asked: () => ["edit", key],
    decide: (state, context) => {
      const taken = change(state.scopes.persistent.get(key));
      return decideSet(state, context, { key, taken, type: "value_edited", protect: false });
    },
  };
}

interface Setting {
  readonly key: string;
  readonly taken: Taken;
  readonly type: "value_set" | "value_edited";
  readonly protect: boolean;
}

function decideSet(
  state: State,
  context: string,
  { key, taken, type, protect }: Setting,
): Decision<undefined> {
  const present = state.scopes.persistent.get(key);
  const isChange = present === undefined || !equalValues(present.value, taken.value);
  if (isChange && isGuarded(state, key)) throw new ContextError("KEY_PROTECTED", { context, key });
  const mark: DraftEffect[] =
    protect && !isProtected(state, key) ? [{ op: "protect", scope: "protection", key }] : [];
  if (!isChange) {
    return mark.length === 0
      ? nothing(undefined)
      : { draft: { type: "key_protected", effects: mark, details: { key } }, outcome: undefined };
  }
  return {
    draft: {
      type,
      effects: [{ op: "set", scope: "persistent", key, held: taken }, ...mark],
      details: { key, hadPrevious: present !== undefined, protected: protect },
    },
    outcome: undefined,
  };
}
