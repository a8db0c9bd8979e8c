import { describe, expect, it } from "vitest";
import { createCodec } from "../../../src/core/value/codec.js";

const codec = createCodec();

describe("read refuses text that take never writes:", () => {
  it.each([
    "",
    "{",
    '{"$type":"nothing"}',
    '{"$type":7}',
    '{"$type":null,"value":1}',
    '{"$type":"undefined","value":1}',
    '{"$type":"number","value":"5"}',
    '{"$type":"number","value":5}',
    "-0",
    '{"$type":"bigint","value":"0x10"}',
    '{"$type":"bigint","value":"-0"}',
    '{"$type":"bigint"}',
    '{"$type":"date","value":"yesterday"}',
    '{"$type":"date","value":"2026-01-02"}',
    '{"$type":"date"}',
    '{"$type":"date","value":null,"more":1}',
    '{"$type":"map","value":[[1]]}',
    '{"$type":"map","value":{}}',
    '{"$type":"set","value":1}',
    '{"$type":"regexp","source":"(","flags":""}',
    '{"$type":"regexp","source":"a","flags":"","lastIndex":-1}',
    '{"$type":"url","value":"no url"}',
    '{"$type":"url","value":"http://A"}',
    '{"$type":"error","name":"FooError"}',
    '{"$type":"error","name":"Error","properties":[]}',
    '{"$type":"bytes","kind":"Uint7Array","value":""}',
    '{"$type":"bytes","kind":"Uint8Array","value":"A"}',
    '{"$type":"bytes","kind":"Float64Array","value":"AQID"}',
    '{"$type":"object","value":[]}',
    '{"$type":"null-prototype"}',
    '{"$type":"class","value":1}',
    '{"$type":"class","name":"A"}',
  ])("%s", (text) => {
    expect(() => codec.read(text)).toThrow("not a value encoding");
    expect(() => codec.read(`[{"a":${text}}]`)).toThrow("not a value encoding");
  });
});

describe("decode", () => {
  it("freezes and keeps the tree it is given", () => {
    const tree = { a: [1, { b: 2 }] };

    const held = codec.decode(tree);

    expect(held).toEqual({ value: tree, sharable: true });
    expect(held.value).toBe(tree);
    expect([tree, tree.a, tree.a[1]].every(Object.isFrozen)).toBe(true);
    expect(codec.take(tree, "v").value).toBe(tree);
  });

  it("accepts a tree that is a value taken before", () => {
    const { value } = codec.take({ a: [1] }, "v");

    expect(codec.decode(value).value).toBe(value);
  });
});
