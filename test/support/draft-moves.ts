import fc from "fast-check";
import { anyKey } from "./values.js";

/** What a caller has in hand while it changes a value: objects that it reached, one after the other. */
type Hand = object[];

/** One thing that a caller does with what it has in hand; the same on a draft and on a deep copy. */
export interface DraftMove {
  readonly name: string;
  readonly run: (hand: Hand) => void;
}

type Dictionary = Record<string, unknown>;

/** Anything that can be done with objects and arrays, one of it hardly ever seen. */
export function anyDraftMove(value: fc.Arbitrary<unknown>): fc.Arbitrary<DraftMove> {
  const choice = fc.record({
    at: fc.nat(),
    other: fc.nat(),
    key: anyKey(),
    i: fc.nat(6),
    n: fc.nat(4),
    value,
  });
  return fc
    .tuple(fc.constantFrom(...reaching, ...Object.keys(moves)), choice)
    .map(([name, chosen]) => ({ name, run: (hand) => moves[name]?.(pick(hand, chosen.at), chosen, hand) }));
}

/** Does one thing after the other; gives what has come into the hand. */
export function runMoves(hand: object[], moves: readonly DraftMove[]): object[] {
  for (const move of moves) {
    try {
      move.run(hand);
    } catch {
      // What is frozen says so; what this does to a copy shows in the end.
    }
  }
  return hand;
}

/** Only looks at things. */
export function anyLook(): fc.Arbitrary<DraftMove> {
  return fc.tuple(fc.constantFrom(...reaching, "look"), fc.nat(), fc.nat(6)).map(([name, at, i]) => ({
    name,
    run: (hand) => moves[name]?.(pick(hand, at), { at, i, other: 0, key: "", n: 0, value: 0 }, hand),
  }));
}

interface Choice {
  readonly at: number;
  readonly other: number;
  readonly key: string;
  readonly i: number;
  readonly n: number;
  readonly value: unknown;
}

type Move = (part: object, choice: Choice, hand: Hand) => void;

/** Most moves should find something deep in hand. */
const reaching = ["reach", "reach", "reach", "reach", "reach"];

const moves: Record<string, Move> = {
  reach: (part, { i }, hand) => {
    const inner = at(part, i);
    if (typeof inner === "object" && inner !== null) hand.push(inner);
  },
  look: (part) => {
    for (const key in part) Reflect.get(part, key);
    Object.entries(Array.isArray(part) ? [...(part as unknown[])] : { ...part });
    Reflect.has(part, "a");
  },
  set: (part, { key, value }) => void Reflect.set(part, Array.isArray(part) ? "0" : key, copy(value)),
  replace: (part, { i, value }) => void Reflect.set(part, keyAt(part, i), copy(value)),
  repeat: (part, { i }) => void Reflect.set(part, keyAt(part, i), at(part, i)),
  delete: (part, { i }) => void Reflect.deleteProperty(part, keyAt(part, i)),
  remake: (part, { i }) => {
    const value = at(part, i);
    if (Array.isArray(part) || !Object.hasOwn(part, keyAt(part, i))) return;
    Reflect.deleteProperty(part, keyAt(part, i));
    define(part, keyAt(part, i), value);
  },
  define: (part, { key, value }) => define(part, Array.isArray(part) ? "0" : key, copy(value)),
  hide: (part, { i, n }) => {
    if (n === 0) Reflect.defineProperty(part, keyAt(part, i), { enumerable: false });
  },
  compute: (part, { key, n, value }) => {
    if (n === 0) Reflect.defineProperty(part, key, { get: () => value, configurable: true });
  },
  mark: (part, { n }) => {
    if (n === 0) Reflect.set(part, Symbol("mark"), 1);
  },
  freeze: (part, { n }) => {
    if (n === 0) Object.freeze(part);
  },
  move: (part, { i, other, key }, hand) =>
    void Reflect.set(pick(hand, other), nameIn(pick(hand, other), key), at(part, i)),
  place: (part, { other, key }, hand) => {
    if (part !== pick(hand, other)) Reflect.set(pick(hand, other), nameIn(pick(hand, other), key), part);
  },
  wrap: (part, { i, n }) => {
    const inner = at(part, i);
    const outer = [[inner, inner], { inner }, new Map([[inner, { inner }]]), new Set([inner]), [[{ inner }]]][
      n
    ];
    Reflect.set(part, keyAt(part, i), outer);
  },
  spread: (part, { i, key, value }) => {
    const inner = at(part, i);
    Reflect.set(
      part,
      keyAt(part, i),
      Array.isArray(inner) ? [...(inner as unknown[]), value] : { ...(inner as object), [key]: 1 },
    );
  },
  assign: (part, { other }, hand) => {
    if (!Array.isArray(part) && !Array.isArray(pick(hand, other)))
      Object.assign(part, { ...pick(hand, other) });
  },
  attach: (part) => {
    if (part instanceof Map) part.set("attached", 1);
    if (part instanceof Date) part.setTime(5);
    if (part instanceof Uint8Array) part.fill(7);
  },
  ...arrayMoves({
    push: (array, { value }) => array.push(copy(value)),
    pop: (array) => array.pop(),
    shift: (array) => array.shift(),
    unshift: (array, { value }) => array.unshift(copy(value), 1),
    splice: (array, { i, n, value }) => array.splice(i, n, copy(value)),
    cut: (array, { i, n }) => array.splice(i, n),
    reverse: (array) => array.reverse(),
    sort: (array) => array.sort((a, b) => rank(a) - rank(b)),
    copyWithin: (array, { i, n }) => array.copyWithin(n, i),
    fill: (array, { i, value }) => array.fill(copy(value), i),
    shorten: (array, { n }) => (array.length = Math.min(array.length, n)),
    lengthen: (array, { n, i }) => (array.length = i === 0 ? array.length + n : array.length),
    gap: (array, { n, i }) => i === 0 && (array[array.length + n] = 1),
  }),
  filter: (part, { i }) => {
    const inner = at(part, i);
    if (Array.isArray(inner))
      Reflect.set(
        part,
        keyAt(part, i),
        inner.filter((_, j) => j !== 1),
      );
  },
};

function arrayMoves(
  made: Record<string, (array: unknown[], choice: Choice) => unknown>,
): Record<string, Move> {
  const guarded = Object.entries(made).map(([name, run]): [string, Move] => [
    name,
    (part, choice) => {
      if (Array.isArray(part)) run(part as unknown[], choice);
    },
  ]);
  return Object.fromEntries(guarded);
}

function pick(hand: Hand, i: number): object {
  return hand[i % hand.length] ?? hand;
}

/** A name that an array, too, has a place for. */
function nameIn(part: object, key: string): string {
  return Array.isArray(part) ? String(key.length % (part.length + 1)) : key;
}

function keyAt(part: object, i: number): string {
  const keys = Object.keys(part);
  return keys[i % Math.max(1, keys.length)] ?? "0";
}

function at(part: object, i: number): unknown {
  return (part as Dictionary)[keyAt(part, i)];
}

function define(part: object, key: string, value: unknown): void {
  Reflect.defineProperty(part, key, { value, writable: true, enumerable: true, configurable: true });
}

/** What is put in twice must not be changed twice. */
function copy(value: unknown): unknown {
  return structuredClone(value);
}

function rank(value: unknown): number {
  if (typeof value === "number") return Number.isNaN(value) ? 0 : Math.sign(value);
  return typeof value === "object" && value !== null
    ? 5 + Object.keys(value).length
    : (typeof value).length + 20;
}
