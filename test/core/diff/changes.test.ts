import { describe, expect, it } from "vitest";
import { createCodec } from "../../../src/core/value/codec.js";
import { diffValues } from "../../../src/core/diff/diff-values.js";

const bare = Object.assign(Object.create(null) as object, { a: 1 });

class Money {
  readonly cents: number;

  constructor(cents: number) {
    this.cents = cents;
  }
}

describe("a change of a value", () => {
  it.each<[string, unknown, unknown]>([
    ["a scalar", 1, 2],
    ["a type", { a: 1 }, [1]],
    ["a sign", 0, -0],
    ["nothing to null", undefined, null],
    ["a number to a bigint", 1, 1n],
    ["the prototype", { a: 1 }, bare],
    ["a Map", new Map([["a", 1]]), new Map([["a", 2]])],
    ["the order of a Set", new Set([1, 2]), new Set([2, 1])],
    ["a moment", new Date(1), new Date(2)],
    ["bytes", Uint8Array.of(1), Uint8Array.of(2)],
    ["the class of bytes", Uint8Array.of(1), Int8Array.of(1)],
  ])("is one change at the root: %s", (_, before, after) => {
    expect(diffValues(before, after)).toEqual([{ kind: "changed", path: [], before, after }]);
  });

  it.each<[string, unknown, unknown]>([
    ["the order of keys", { a: 1, b: 2 }, { b: 2, a: 1 }],
    ["NaN", { a: NaN }, { a: NaN }],
    ["an equal Date", [new Date(5)], [new Date(5)]],
    ["an equal key __proto__", JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":1}}')],
  ])("is none: %s", (_, before, after) => {
    expect(diffValues(before, after)).toEqual([]);
  });

  it("is none between instances of one encoding, wherever they stand", () => {
    const money = {
      name: "Money",
      is: (value: unknown) => value instanceof Money,
      encode: (value: unknown) => (value as Money).cents,
      decode: (cents: unknown) => new Money(cents as number),
    };
    const codec = createCodec([money]);
    const before = codec.take([new Money(1), new Money(2), 3], "before").value;
    const after = codec.take([0, new Money(1), new Money(5), 3, new Money(2)], "after").value;

    expect(diffValues(before, codec.read(codec.take(before, "copy").text).value)).toEqual([]);
    expect(diffValues(before, after).map(({ kind, path }) => [kind, path])).toEqual([
      ["added", [0]],
      ["changed", [2]],
      ["added", [4]],
    ]);
  });

  it("names keys in the order of the earlier value, and new ones after them", () => {
    const before = { gone: 1, inner: { x: 1 }, same: [1] };
    const after = { new: undefined, inner: { x: 2 }, same: [1] };

    expect(diffValues(before, after)).toEqual([
      { kind: "removed", path: ["gone"], before: 1 },
      { kind: "changed", path: ["inner", "x"], before: 1, after: 2 },
      { kind: "added", path: ["new"], after: undefined },
    ]);
  });

  it("tells keys that break things from what objects inherit", () => {
    const after: unknown = JSON.parse('{"__proto__":1,"constructor":2,"":3,"a/b~c.d":4,"0":5}');

    expect(diffValues({}, after)).toEqual([
      { kind: "added", path: ["0"], after: 5 },
      { kind: "added", path: ["__proto__"], after: 1 },
      { kind: "added", path: ["constructor"], after: 2 },
      { kind: "added", path: [""], after: 3 },
      { kind: "added", path: ["a/b~c.d"], after: 4 },
    ]);
  });
});
