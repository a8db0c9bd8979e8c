import { readFileSync } from "node:fs";
import { inspect, isDeepStrictEqual } from "node:util";
import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCodec } from "../../../src/core/value/codec.js";
import { equalValues } from "../../../src/core/value/equal.js";
import { anyValue, plainJson } from "../../support/values.js";

const codec = createCodec();
const roundTrip = (value: unknown) => codec.read(codec.take(value, "v").text).value;

describe("a value goes through text and comes back", () => {
  it("equal, whatever it is", () => {
    fc.assert(
      fc.property(anyValue(), (value) => {
        const taken = codec.take(value, "v");

        expect(equalValues(codec.read(taken.text).value, value)).toBe(true);
        expect(equalValues(taken.value, value)).toBe(true);
        expect(codec.take(codec.read(taken.text).value, "v").text).toBe(taken.text);
      }),
      { numRuns: 1000 },
    );
  });

  it("as node's own deep comparison sees it, too", () => {
    fc.assert(
      fc.property(anyValue(), (value) => {
        // To node, a date that is none is not even equal to itself.
        fc.pre(!inspect(value, { depth: null, showHidden: true }).includes("Invalid Date"));

        expect(isDeepStrictEqual(roundTrip(value), value)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("as text that parsing and writing leave alone, and whose bytes are counted", () => {
    fc.assert(
      fc.property(anyValue(), (value) => {
        const { text, bytes } = codec.take(value, "v");

        expect(JSON.stringify(JSON.parse(text))).toBe(text);
        expect(bytes).toBe(Buffer.byteLength(text));
      }),
      { numRuns: 1000 },
    );
  });

  it("as itself in JSON, if it is plain JSON", () => {
    fc.assert(
      fc.property(plainJson(), (value) => {
        expect(codec.take(value, "v").text).toBe(JSON.stringify(value));
      }),
    );
  });

  it("as text that SQLite takes for JSON", () => {
    const database = new Database(":memory:");
    const valid = database.prepare("SELECT json_valid(?)").pluck();
    const texts = fc.sample(anyValue(), 200).map((value) => codec.take(value, "v").text);

    const invalid = texts.filter((text) => valid.get(text) !== 1);

    database.close();
    expect(invalid).toEqual([]);
  });

  it("through a decoded tree as through text", () => {
    fc.assert(
      fc.property(anyValue(), (value) => {
        const { text, sharable } = codec.take(value, "v");
        const held = codec.decode(JSON.parse(text));

        expect(equalValues(held.value, value)).toBe(true);
        expect(held.sharable).toBe(sharable);
      }),
    );
  });
});

describe("what equality would overlook", () => {
  it.each([
    [new Date("2026-01-02T03:04:05.678Z"), '{"$type":"date","value":"2026-01-02T03:04:05.678Z"}'],
    [new Date(NaN), '{"$type":"date","value":null}'],
    [123n, '{"$type":"bigint","value":"123"}'],
    [NaN, '{"$type":"number","value":"NaN"}'],
    [-0, '{"$type":"number","value":"-0"}'],
    [undefined, '{"$type":"undefined"}'],
    [new Map([["k", 1]]), '{"$type":"map","value":[["k",1]]}'],
    [new Set([1, "2"]), '{"$type":"set","value":[1,"2"]}'],
    [/a+/gi, '{"$type":"regexp","source":"a+","flags":"gi"}'],
    [new URL("http://a.example/?b"), '{"$type":"url","value":"http://a.example/?b"}'],
    [Uint8Array.of(1, 2, 3), '{"$type":"bytes","kind":"Uint8Array","value":"AQID"}'],
    [Object.assign(Object.create(null), { a: 1 }), '{"$type":"null-prototype","value":{"a":1}}'],
    [{ $type: "date" }, '{"$type":"object","value":{"$type":"date"}}'],
  ])("%o is written in a form that a reader of the file understands", (value, text) => {
    const taken = codec.take(value, "v");

    expect(taken.text).toBe(text);
  });

  it("an error keeps class, message, stack, cause and what was attached, and is a real error", () => {
    const error = Object.assign(new TypeError("bad", { cause: new RangeError("worse") }), { code: "E_BAD" });

    const back = roundTrip(error) as TypeError & { code: string };

    expect(Object.prototype.toString.call(back)).toBe("[object Error]");
    expect(back).toBeInstanceOf(TypeError);
    expect(Object.getOwnPropertyDescriptors(back)).toEqual(
      expect.objectContaining({
        message: { value: "bad", enumerable: false, writable: true, configurable: true },
        stack: { value: error.stack, enumerable: false, writable: true, configurable: true },
        code: { value: "E_BAD", enumerable: true, writable: true, configurable: true },
      }),
    );
    expect(back.cause).toBeInstanceOf(RangeError);
  });

  it("an error whose stack cannot be read is kept without it", () => {
    const error = Object.assign(new Error("bad"), { name: Object.create(null) as unknown });

    const back = roundTrip(error) as Error;

    expect(back.message).toBe("bad");
    expect(Object.keys(back)).toEqual(["name"]);
    expect(Object.hasOwn(back, "stack")).toBe(false);
  });

  it("an error that the runtime made is kept", () => {
    const caught = catchError(() => readFileSync("/there/is/no/such/file"));

    expect(roundTrip(caught)).toStrictEqual(caught);
  });

  it("an own __proto__ key is data and no prototype", () => {
    const value = JSON.parse('{"__proto__":{"a":[1]},"b":2}') as object;

    const back = roundTrip(value) as object;

    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    expect(Object.keys(back)).toEqual(["__proto__", "b"]);
  });

  it("small buffers do not share memory with anything", () => {
    const back = codec.share(codec.take(Buffer.from("abc"), "v")) as Buffer;

    expect(Buffer.isBuffer(back)).toBe(true);
    expect(back.buffer.byteLength).toBe(3);
    expect((roundTrip(Buffer.from("abc")) as Buffer).buffer.byteLength).toBe(3);
  });

  it("toJSON on a built-in prototype changes nothing", () => {
    const prototypes = [Object.prototype, Array.prototype, BigInt.prototype] as object[];
    for (const prototype of prototypes) {
      Object.defineProperty(prototype, "toJSON", { value: () => "wrong", configurable: true });
    }

    const texts = [{ a: [1n, { b: "é" }] }, [null, true]].map((value) => codec.take(value, "v").text);

    for (const prototype of prototypes) Reflect.deleteProperty(prototype, "toJSON");
    expect(texts).toEqual(['{"a":[{"$type":"bigint","value":"1"},{"b":"é"}]}', "[null,true]"]);
  });
});

function catchError(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
