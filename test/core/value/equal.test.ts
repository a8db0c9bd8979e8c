import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCodec } from "../../../src/core/value/codec.js";
import { equalValues, equalWithin } from "../../../src/core/value/equal.js";
import { anyValue } from "../../support/values.js";

const codec = createCodec();

describe("equalValues", () => {
  it("finds every value equal to itself and to its copy", () => {
    fc.assert(
      fc.property(anyValue(), (value) => {
        expect(equalValues(value, value)).toBe(true);
        expect(equalValues(value, codec.thaw(codec.take(value, "v")))).toBe(true);
      }),
    );
  });

  it("says of a and b what it says of b and a, and what their encodings say", () => {
    fc.assert(
      fc.property(anyValue(), anyValue(), (a, b) => {
        const isEqual = equalValues(a, b);

        expect(equalValues(b, a)).toBe(isEqual);
        if (codec.take(a, "v").text === codec.take(b, "v").text) expect(isEqual).toBe(true);
        if (!hasKeys(a)) expect(isEqual).toBe(codec.take(a, "v").text === codec.take(b, "v").text);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    [
      { a: 1, b: [2, { c: 3 }] },
      { b: [2, { c: 3 }], a: 1 },
    ],
    [NaN, NaN],
    [new Date(5), new Date(5)],
    [new Date(NaN), new Date(NaN)],
    [new Map([[{ a: 1 }, 1]]), new Map([[{ a: 1 }, 1]])],
    [JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":1}')],
  ])("finds %o equal to %o", (a, b) => {
    expect(equalValues(a, b)).toBe(true);
  });

  it.each([
    [1, true],
    [1, 1n],
    [0, -0],
    [null, undefined],
    ["1", 1],
    [{ a: undefined }, {}],
    [{ a: undefined }, { b: undefined }],
    [[undefined], []],
    [[], {}],
    [{}, Object.create(null)],
    [JSON.parse('{"__proto__":{}}'), {}],
    [{ toString: 1 }, { other: 1 }],
    [
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
      new Map([
        ["b", 2],
        ["a", 1],
      ]),
    ],
    [new Set([1, 2]), new Set([2, 1])],
    [new Set([1]), new Map([[1, 1]])],
    [new TypeError("x"), new Error("x")],
    [Buffer.from("a"), new Uint8Array(Buffer.from("a"))],
    [Uint8Array.of(1), Int8Array.of(1)],
    [Float64Array.of(0), Float64Array.of(-0)],
    [Object.assign(/a/g, { lastIndex: 1 }), /a/g],
    [/a/g, /a/i],
    [new Date(5), new Date(6)],
    [new Date(5), 5],
    [new URL("http://a"), new URL("http://b")],
    [new Date(5), {}],
    [() => 1, () => 1],
    [new WeakMap(), new WeakMap()],
  ])("finds %o different from %o", (a, b) => {
    expect(equalValues(a, b)).toBe(false);
    expect(equalValues(b, a)).toBe(false);
  });

  it("compares a million levels", () => {
    expect(equalValues(nest(1), nest(1))).toBe(true);
    expect(equalValues(nest(1), nest(2))).toBe(false);
  });

  it("ends on cycles and on parts shared exponentially", () => {
    const [a, b] = [{ self: {} as unknown }, { self: {} as unknown }];
    a.self = { self: a };
    b.self = { self: b };

    expect(equalValues(a, b)).toBe(true);
    expect(equalValues(doubled(), doubled())).toBe(true);
  });
});

describe("equalWithin", () => {
  it("says what equalValues says, if it has steps enough", () => {
    fc.assert(
      fc.property(anyValue(), anyValue(), (a, b) => {
        expect(equalWithin(a, b, 10_000)).toBe(equalValues(a, b));
        expect(equalWithin(a, codec.thaw(codec.take(a, "v")), 10_000)).toBe(true);
      }),
    );
  });

  it("gives up on what is deep, long or wide, and finds early differences nevertheless", () => {
    const numbers = () => Array.from({ length: 1000 }, (_, i) => i);
    const keys = () => Object.fromEntries(numbers().map((i) => [`k${i}`, i]));

    expect(equalWithin(nest(1), nest(1), 100)).toBeUndefined();
    expect(equalWithin(numbers(), numbers(), 10)).toBeUndefined();
    expect(equalWithin(keys(), keys(), 10)).toBeUndefined();
    expect(equalWithin([nest(1), [1]], [nest(1), [2]], 100)).toBe(false);
    expect(equalWithin(1, 2, 0)).toBe(false);
  });
});

function hasKeys(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function nest(inner: unknown): unknown {
  let value = inner;
  for (let i = 0; i < 1_000_000; i++) value = [value];
  return value;
}

function doubled(): unknown {
  let value: unknown = [];
  for (let i = 0; i < 60; i++) value = [value, value];
  return value;
}
