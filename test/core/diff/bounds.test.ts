import { describe, expect, it } from "vitest";
import { applyDifference } from "../../../src/core/diff/apply-difference.js";
import { diffValues } from "../../../src/core/diff/diff-values.js";
import { equalValues } from "../../../src/core/value/equal.js";

/** Far above what any of these takes, far below what one that is not bounded would. */
const timeoutMs = 15_000;

/** What the difference may at most consist of. */
type Case = readonly [title: string, maximumChanges: number, make: () => readonly [unknown, unknown]];

const cases: readonly Case[] = [
  ["a large state that grew at its end", 1, () => [state(13_000), state(13_001)]],
  ["two large equal states", 0, () => [state(13_000), state(13_000)]],
  ["1,000 objects, edited at both ends", 4, () => editedAtBothEnds(1000)],
  ["100,000 objects, edited at both ends", 4, () => editedAtBothEnds(100_000)],
  ["100,000 numbers, shifted by one", 2, () => [count(100_000), count(100_001).slice(1)]],
  ["a million equal numbers, and some less", 1000, () => [count(1e6, () => 0), count(999_000, () => 0)]],
  ["small objects that have nothing in common", 1, () => [count(250_000, a), count(250_000, b)]],
  [
    "small objects of the same keys",
    250_000,
    () => [count(100_000, (i) => ({ i })), count(100_000, (i) => ({ i: -1 - i }))],
  ],
  [
    "small objects of other ids",
    1,
    () => [count(90_000, (id) => ({ id })), count(80_000, (i) => ({ id: -1 - i }))],
  ],
  [
    "small objects of the same ids in another order",
    250_000,
    () => [count(60_000, (id) => ({ id, a: id })), count(60_000, (i) => ({ id: (i * 7919) % 60_000, a: i }))],
  ],
  ["numbers in opposite order", 1, () => [count(200_000), count(200_000).reverse()]],
  ["the same few scalars, over and over", 1, () => [count(1e6, random(2)), count(900_000, random(3))]],
  ["the same few scalars, as many", 1, () => [count(1e6, random(4)), count(1e6, random(5))]],
  ["the same few scalars, with few edits", 800, () => editedHereAndThere(300_000, 300)],
  ["groups of objects that are all alike", 250_000, () => [groups(60_000, 6), groups(55_000, 7)]],
  ["texts that differ everywhere", 1, () => [text(2e6, "abcdefgh", 8), text(2e6, "abcdefgh", 9)]],
  ["texts of short lines that differ everywhere", 1, () => [text(2e6, "ab\n", 10), text(2e6, "ab\n", 11)]],
  ["texts of words that differ everywhere", 1, () => [text(2e6, "ab ", 12), text(2e6, "ab ", 13)]],
  ["a thousand texts that differ everywhere", 1000, () => [texts(14), texts(15)]],
  ["200,000 keys of which each changed", 1, () => [keys(200_000, 1), keys(200_000, 2)]],
  [
    "a change at the bottom, with much beside each level",
    1,
    () => [beside(490, 500, 1), beside(490, 500, 2)],
  ],
  [
    "many changes at the bottom",
    250_000,
    () => [
      below(490, count(400_000)),
      below(
        490,
        count(400_000, (i) => i + (i % 2)),
      ),
    ],
  ],
  ["equal parts shared exponentially", 0, () => [shared(60, 1), shared(60, 1)]],
  ["unequal parts shared exponentially", 250_000, () => [shared(60, 1), shared(60, 2)]],
];

describe("making a difference", () => {
  it.each(cases)(
    "is bounded for %s",
    (_, maximumChanges, make) => {
      const [before, after] = make();

      const difference = diffValues(before, after);

      expect(difference.length).toBeLessThanOrEqual(maximumChanges);
      expect(equalValues(applyDifference(difference, before), after)).toBe(true);
    },
    timeoutMs,
  );

  it("does not touch what is shared", () => {
    const untouchable = new Proxy({}, { ownKeys: fail, get: fail, getPrototypeOf: fail, has: fail });
    const before = { a: untouchable, list: [untouchable, { b: untouchable, c: 1 }, untouchable], d: 1 };
    const after = { ...before, list: [untouchable, { b: untouchable, c: 2 }, untouchable], e: untouchable };

    const difference = diffValues(before, after);

    expect(difference.map(({ kind, path }) => [kind, path])).toEqual([
      ["changed", ["list", 1, "c"]],
      ["added", ["e"]],
    ]);
  });

  it("looks 500 levels down, refuses what differs below, and takes any depth that it need not enter", () => {
    const refusal = expect.objectContaining({ code: "VALUE_TOO_DEEP" }) as Error;

    expect(diffValues(below(500, 1), below(500, 2))).toHaveLength(1);
    expect(() => diffValues(below(501, 1), below(501, 2))).toThrow(refusal);
    expect(() => diffValues(below(1e6, 1), below(1e6, 2))).toThrow(refusal);
    expect(() => diffValues([below(1e6, 1), 2], [3, below(1e6, 2), 4])).toThrow(refusal);
    expect(diffValues(below(1e6, 1), 1)).toHaveLength(1);
    expect(diffValues({ a: below(1e6, 1) }, {})).toHaveLength(1);
  });

  it("ends on cycles", () => {
    const [before, after] = [{ a: 1 } as Record<string, unknown>, { a: 2 } as Record<string, unknown>];
    before.self = before;
    after.self = after;

    expect(() => diffValues(before, after)).toThrow(expect.objectContaining({ code: "VALUE_TOO_DEEP" }));
  });
});

function fail(): never {
  throw new Error("A shared part was looked at.");
}

function count(length: number, make: (i: number) => unknown = (i) => i): unknown[] {
  return Array.from({ length }, (_, i) => make(i));
}

function a() {
  return { a: 1 };
}

function b() {
  return { b: 1 };
}

/** Numbers below `limit` in an order that has no pattern, the same at each run. */
function random(seed: number, limit = 3): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function state(messages: number) {
  return {
    goal: "ship",
    messages: count(messages, (i) => ({
      role: "user",
      text: `message ${i} `.repeat(7),
      meta: { i, ok: true },
    })),
    plan: { steps: [1, 2, 3] },
  };
}

function editedAtBothEnds(length: number): readonly [unknown, unknown] {
  const middle = () => count(length, (n) => ({ n }));
  return [
    [{ first: 1 }, ...middle(), { last: 1 }],
    [{ x: 1 }, { y: 2 }, ...middle(), { z: 1 }],
  ];
}

function editedHereAndThere(length: number, edits: number): readonly [unknown, unknown] {
  const before = count(length, random(1));
  const place = random(16, length);
  const after = [...before];
  for (let i = 0; i < edits; i++) after.splice(place(), i % 2, i % 3);
  return [before, after];
}

function groups(length: number, seed: number): unknown[] {
  const next = random(seed, 9);
  return count(length, (i) => (i % 17 === 0 ? { group: i } : { a: next(), b: next(), c: next() }));
}

function text(length: number, alphabet: string, seed: number): string {
  const next = random(seed, alphabet.length);
  return count(length, () => alphabet[next()]).join("");
}

function texts(seed: number): unknown {
  return Object.fromEntries(count(1000).map((i) => [`k${String(i)}`, text(2000, "ab \n", seed + Number(i))]));
}

function keys(length: number, value: number): unknown {
  return Object.fromEntries(count(length).map((i) => [`k${String(i)}`, value]));
}

function below(levels: number, inner: unknown): unknown {
  let value = inner;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

function beside(levels: number, size: number, inner: unknown): unknown {
  let value = inner;
  for (let i = 0; i < levels; i++) value = { value, list: count(size, (j) => ({ j })) };
  return value;
}

function shared(levels: number, inner: unknown): unknown {
  let value: unknown = [inner];
  for (let i = 0; i < levels; i++) value = { a: value, b: value };
  return value;
}
