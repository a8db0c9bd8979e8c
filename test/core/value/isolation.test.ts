import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCodec } from "../../../src/core/value/codec.js";
import { equalValues } from "../../../src/core/value/equal.js";
import { anyValue, plainJson } from "../../support/values.js";

const codec = createCodec();

describe("take", () => {
  it("gives a value that later changes of the input do not reach", () => {
    const input = { list: [{ a: 1 }], when: new Date(0), bytes: Buffer.from("abc") };
    const taken = codec.take(input, "v");

    input.list[0]!.a = 2;
    input.list.push({ a: 3 });
    input.when.setTime(1);
    input.bytes[0] = 0;

    expect(codec.thaw(taken)).toEqual({ list: [{ a: 1 }], when: new Date(0), bytes: Buffer.from("abc") });
    expect(Object.isFrozen(input.list)).toBe(false);
  });

  it("freezes every plain object and array, inside maps and errors too", () => {
    const taken = codec.take({ a: [new Map([["k", { b: [1] }]])] }, "v").value as {
      a: [Map<string, { b: object }>];
    };

    const inner = taken.a[0].get("k")!;
    expect([taken, taken.a, inner, inner.b].every(Object.isFrozen)).toBe(true);
  });

  it("keeps what it froze before, and copies only what is new around it", () => {
    const part = codec.take({ a: [1, { b: NaN }] }, "v").value as { a: unknown };

    const whole = codec.take([part, part.a, { part }], "v").value as [unknown, unknown, { part: unknown }];

    expect(codec.take(part, "v").value).toBe(part);
    expect(whole[0]).toBe(part);
    expect(whole[1]).toBe(part.a);
    expect(whole[2].part).toBe(part);
    expect(codec.take(part, "v").text).toBe('{"a":[1,{"b":{"$type":"number","value":"NaN"}}]}');
  });

  it("does not take the caller's freezing for its own", () => {
    const input = Object.freeze({ inner: { a: 1 } });
    const taken = codec.take(input, "v");

    input.inner.a = 2;

    expect(taken.value).toEqual({ inner: { a: 1 } });
  });

  it("makes two equal values of an object that is reached twice", () => {
    const shared = { a: 1 };

    expect(codec.take([shared, shared], "v").text).toBe('[{"a":1},{"a":1}]');
  });

  it("does not reuse a frozen part that holds a Date", () => {
    const taken = codec.take({ when: new Date(0) }, "v");
    const shared = codec.share(taken) as { when: Date };
    const again = codec.take(shared, "v");

    shared.when.setTime(1);

    expect(again.value).toEqual({ when: new Date(0) });
  });

  it("reads a proxy once and keeps what it said", () => {
    let reads = 0;
    const proxy = new Proxy({ a: 1 }, { get: () => ({ read: ++reads }) });

    const { value, text } = codec.take(proxy, "v");

    expect(JSON.stringify(value)).toBe(text);
  });
});

describe("share", () => {
  it("hands a sharable value out as it is", () => {
    fc.assert(
      fc.property(plainJson(), (value) => {
        const held = codec.take(value, "v");

        expect(held.sharable).toBe(true);
        expect(codec.share(held)).toBe(held.value);
      }),
    );
  });

  it("copies the rest, so that changing a copy changes nothing else", () => {
    const held = codec.take({ map: new Map([["k", new Date(0)]]), plain: [1] }, "v");
    const copy = codec.share(held) as { map: Map<string, Date>; plain: unknown };

    copy.map.get("k")!.setTime(1);
    copy.map.delete("k");

    expect((codec.share(held) as typeof copy).map).toEqual(new Map([["k", new Date(0)]]));
    expect(copy.plain).toBe((held.value as typeof copy).plain);
    expect(Object.isFrozen(copy)).toBe(true);
  });

  it("gives an equal value, always", () => {
    fc.assert(
      fc.property(anyValue(), (value) => {
        expect(equalValues(codec.share(codec.take(value, "v")), value)).toBe(true);
      }),
    );
  });
});

describe("thaw", () => {
  it("gives an equal value of which nothing plain is frozen, and that shares nothing with the held one", () => {
    fc.assert(
      fc.property(anyValue(), (value) => {
        const held = codec.read(codec.take(value, "v").text);

        const copy = codec.thaw(held);

        const ours = objectsIn(held.value);
        expect(equalValues(copy, value)).toBe(true);
        expect([...objectsIn(copy)].filter((part) => Object.isFrozen(part) && size(part) > 0)).toEqual([]);
        expect([...objectsIn(copy)].filter((part) => ours.has(part))).toEqual([]);
      }),
    );
  });
});

describe("adopt", () => {
  it("freezes a plain value in place and hands out that very object", () => {
    const value = { list: [{ a: -0 }], none: undefined };

    const taken = codec.adopt(value, "v");

    expect(taken.value).toBe(value);
    expect([value, value.list, value.list[0]].every(Object.isFrozen)).toBe(true);
    expect(codec.take(value, "v").value).toBe(value);
  });

  it("writes the same text as take", () => {
    fc.assert(
      fc.property(plainJson(), (value) => {
        const { text } = codec.take(value, "v");

        expect(codec.adopt(value, "v").text).toBe(text);
        expect(codec.take(value, "v")).toMatchObject({ text });
      }),
    );
  });

  it("takes an object that someone else froze", () => {
    const value = Object.freeze({ a: Object.freeze([NaN]) });

    expect(codec.adopt(value, "v").value).toBe(value);
  });
});

function objectsIn(value: unknown, found = new Set<object>()): Set<object> {
  if (typeof value !== "object" || value === null || found.has(value)) return found;
  found.add(value);
  for (const part of partsOf(value)) objectsIn(part, found);
  return found;
}

function partsOf(value: object): unknown[] {
  if (ArrayBuffer.isView(value)) return [];
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  if (value instanceof Set) return [...value];
  return Reflect.ownKeys(value).map((key): unknown => Reflect.get(value, key));
}

function size(value: object): number {
  return Reflect.ownKeys(value).length;
}
