import type { Context, ContextEffect, ContextEvent, View, KeyChange } from "../index.js";
import type { Tape, TapeRange } from "./tape.js";

/** From so many keys on, reading the state before an event is quicker than asking for each key. */
const manyKeys = 16;
const largestPage = 256;

/** The history of a context as it is, up to an event or to whatever comes. */
export class ContextTape implements Tape {
  readonly first: number;
  readonly #context: Context;
  readonly #last: number | undefined;

  constructor(context: Context, { first, last }: TapeRange) {
    this.#context = context;
    this.first = first;
    this.#last = last;
  }

  get last(): number {
    return this.#last ?? this.#context.sequence;
  }

  refresh(): void {
    this.#context.refresh();
  }

  event(sequence: number): ContextEvent | undefined {
    return this.#context.history({ after: sequence - 1, limit: 1 })[0];
  }

  isSkipped(): boolean {
    return false;
  }

  view(sequence: number): View {
    return this.#context.at({ sequence });
  }

  changes({ sequence, effects }: ContextEvent): readonly KeyChange[] {
    const own = effects.filter(isOfKeys);
    const isMany = own.filter(({ scope }) => scope === "persistent").length >= manyKeys;
    const before = isMany && sequence > 1 ? this.view(sequence - 1) : undefined;
    return own.map((effect) => {
      const { key, scope } = effect;
      const isInView = before !== undefined && scope === "persistent";
      const previous = isInView ? valueIn(before, key) : this.#valueBefore(sequence, effect);
      return { key, scope, ...previous, ...("value" in effect && { after: effect.value }) };
    });
  }

  /** Reads back from event to event of the key, until one is found that gave or took its value. */
  #valueBefore(sequence: number, { key, scope }: KeyEffect): { readonly before?: unknown } {
    let after = sequence;
    for (let limit = 1; ; limit = Math.min(limit * 4, largestPage)) {
      const page = this.#context.history({ key, order: "newest", after, limit });
      for (const { effects } of page) {
        const effect = effects.find((other) => other.scope === scope && other.key === key);
        if (effect !== undefined) return "value" in effect ? { before: effect.value } : {};
      }
      const last = page.at(-1);
      if (last === undefined || page.length < limit) return {};
      after = last.sequence;
    }
  }
}

type KeyEffect = ContextEffect & { readonly scope: KeyChange["scope"] };

function isOfKeys(effect: ContextEffect): effect is KeyEffect {
  return effect.scope === "persistent" || effect.scope === "ephemeral";
}

function valueIn(view: View, key: string): { readonly before?: unknown } {
  return view.has(key) ? { before: view.get(key) } : {};
}
