import type { KeyChange } from "../../index.js";
import type { Tape } from "../tape.js";

/** The values by key, in order of creation. */
export type KeyValues = ReadonlyMap<string, unknown>;

/**
 * Gives states, the next and the previous one from the one before: then a step costs what it changed, and not
 * every value of the state, however large.
 */
export class NearbyStates {
  readonly #tape: Pick<Tape, "view">;
  readonly #changesOf: (sequence: number) => readonly KeyChange[] | undefined;
  #known: { readonly sequence: number; readonly values: KeyValues } | undefined;

  constructor(tape: Pick<Tape, "view">, changesOf: (sequence: number) => readonly KeyChange[] | undefined) {
    this.#tape = tape;
    this.#changesOf = changesOf;
  }

  /** The state after an event. */
  at(sequence: number): KeyValues {
    const values = this.#near(sequence) ?? new Map(this.#tape.view(sequence).entries());
    this.#known = { sequence, values };
    return values;
  }

  #near(sequence: number): KeyValues | undefined {
    const known = this.#known;
    if (known?.sequence === sequence) return known.values;
    if (known?.sequence === sequence - 1) return goForward(known.values, this.#changesOf(sequence));
    if (known?.sequence === sequence + 1) return goBack(known.values, this.#changesOf(sequence + 1));
    return undefined;
  }
}

function goForward(values: KeyValues, changes: readonly KeyChange[] | undefined): KeyValues | undefined {
  if (changes === undefined) return undefined;
  const next = new Map(values);
  for (const change of changes.filter(isPersistent)) {
    if ("after" in change) next.set(change.key, change.after);
    else next.delete(change.key);
  }
  return next;
}

/** Where a key was deleted, its place among the others is not known here. */
function goBack(values: KeyValues, changes: readonly KeyChange[] | undefined): KeyValues | undefined {
  const own = changes?.filter(isPersistent);
  if (own?.every((change) => "after" in change) !== true) return undefined;
  const previous = new Map(values);
  for (const change of own) {
    if ("before" in change) previous.set(change.key, change.before);
    else previous.delete(change.key);
  }
  return previous;
}

function isPersistent({ scope }: KeyChange): boolean {
  return scope === "persistent";
}
