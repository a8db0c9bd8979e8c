/** Numbers names from 0 up: equal names, as a Map sees them, get the same number. */
export class Numbering {
  readonly #numbers = new Map<unknown, number>();

  get(name: unknown): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(name, number);
    return number;
  }
}

/** Gives a token for each value. `Int32Array.from` would take ten times as long. */
export function tokenize<Value>(
  values: readonly Value[],
  tokenOf: (value: Value, i: number) => number,
): Int32Array {
  const tokens = new Int32Array(values.length);
  for (const [i, value] of values.entries()) tokens[i] = tokenOf(value, i);
  return tokens;
}
