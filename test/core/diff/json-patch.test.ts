import { describe, expect, it } from "vitest";
import { applyJsonPatch } from "../../../src/core/diff/apply-json-patch.js";
import type { JsonPatchOperation } from "../../../src/core/diff/json-patch.js";

type Case = readonly [title: string, before: string, operations: string, after: string];

/** By the sections of RFC 6902 (4.1 to 4.6, appendix A) and RFC 6901. */
const applied: readonly Case[] = [
  ["no operation", '{"a":1}', "[]", '{"a":1}'],
  ["add a member", '{"a":1}', '[{"op":"add","path":"/b","value":2}]', '{"a":1,"b":2}'],
  ["add over a member", '{"a":1}', '[{"op":"add","path":"/a","value":null}]', '{"a":null}'],
  ["add an element in between", "[1,3]", '[{"op":"add","path":"/1","value":2}]', "[1,2,3]"],
  ["add an element at the end by index", "[1]", '[{"op":"add","path":"/1","value":2}]', "[1,2]"],
  ["add an element at the end by -", "[1]", '[{"op":"add","path":"/-","value":[2]}]', "[1,[2]]"],
  [
    "add further down",
    '{"a":[{"b":1}]}',
    '[{"op":"add","path":"/a/0/c","value":2}]',
    '{"a":[{"b":1,"c":2}]}',
  ],
  ["add a new root", '{"a":1}', '[{"op":"add","path":"","value":[1]}]', "[1]"],
  ["add under an empty key", "{}", '[{"op":"add","path":"/","value":1}]', '{"":1}'],
  ["add under a key of digits", "{}", '[{"op":"add","path":"/01","value":1}]', '{"01":1}'],
  ["add under the key -", "{}", '[{"op":"add","path":"/-","value":1}]', '{"-":1}'],
  ["remove a member", '{"a":1,"b":2}', '[{"op":"remove","path":"/a"}]', '{"b":2}'],
  ["remove an element", "[1,2,3]", '[{"op":"remove","path":"/1"}]', "[1,3]"],
  ["remove a null", '{"a":null}', '[{"op":"remove","path":"/a"}]', "{}"],
  ["replace a member", '{"a":1}', '[{"op":"replace","path":"/a","value":{"b":1}}]', '{"a":{"b":1}}'],
  ["replace an element", "[1,2]", '[{"op":"replace","path":"/1","value":null}]', "[1,null]"],
  ["replace the root", '"a"', '[{"op":"replace","path":"","value":"b"}]', '"b"'],
  [
    "move a member",
    '{"a":{"b":1},"c":{}}',
    '[{"op":"move","from":"/a/b","path":"/c/d"}]',
    '{"a":{},"c":{"d":1}}',
  ],
  [
    "move an element, counted after it was taken out",
    "[1,2,3,4]",
    '[{"op":"move","from":"/1","path":"/3"}]',
    "[1,3,4,2]",
  ],
  ["move to where it is", '{"a":[1]}', '[{"op":"move","from":"/a","path":"/a"}]', '{"a":[1]}'],
  ["move a part over what it is in", '{"a":{"b":1}}', '[{"op":"move","from":"/a/b","path":"/a"}]', '{"a":1}'],
  ["move a part to the root", '{"a":[1]}', '[{"op":"move","from":"/a","path":""}]', "[1]"],
  ["move beside a key that begins alike", '{"a":1}', '[{"op":"move","from":"/a","path":"/ab"}]', '{"ab":1}'],
  ["copy", '{"a":[1]}', '[{"op":"copy","from":"/a","path":"/b"}]', '{"a":[1],"b":[1]}'],
  ["copy into itself", '{"a":1}', '[{"op":"copy","from":"","path":"/b"}]', '{"a":1,"b":{"a":1}}'],
  [
    "write to a copy only",
    '{"a":[1]}',
    '[{"op":"add","path":"/a/0","value":0},{"op":"copy","from":"/a","path":"/b"},{"op":"add","path":"/b/-","value":2},{"op":"remove","path":"/a/0"}]',
    '{"a":[1],"b":[0,1,2]}',
  ],
  [
    "test, keys in any order",
    '{"a":{"b":1,"c":[2]}}',
    '[{"op":"test","path":"/a","value":{"c":[2],"b":1}}]',
    '{"a":{"b":1,"c":[2]}}',
  ],
  [
    "test numbers by what they count",
    '{"a":[0]}',
    '[{"op":"test","path":"","value":{"a":[-0.0]}}]',
    '{"a":[0]}',
  ],
  ["test null", '{"a":null}', '[{"op":"test","path":"/a","value":null}]', '{"a":null}'],
  [
    "unescape once, ~1 first",
    '{"/":1,"~1":2}',
    '[{"op":"test","path":"/~1","value":1},{"op":"test","path":"/~01","value":2}]',
    '{"/":1,"~1":2}',
  ],
  [
    "take other characters as they are",
    '{"a%25":1," ":2,"#":3}',
    '[{"op":"remove","path":"/a%25"},{"op":"remove","path":"/ "}]',
    '{"#":3}',
  ],
  [
    "ignore members that mean nothing",
    "[1]",
    '[{"op":"remove","path":"/0","value":1,"from":7,"xyz":1}]',
    "[]",
  ],
  [
    "see what operations before did",
    "{}",
    '[{"op":"add","path":"/a","value":[]},{"op":"add","path":"/a/-","value":{}},{"op":"add","path":"/a/0/b","value":1}]',
    '{"a":[{"b":1}]}',
  ],
  [
    "keep an own key __proto__",
    '{"__proto__":{"a":1}}',
    '[{"op":"add","path":"/__proto__/b","value":2}]',
    '{"__proto__":{"a":1,"b":2}}',
  ],
  [
    "add an own key __proto__",
    "{}",
    '[{"op":"add","path":"/__proto__","value":{"polluted":1}}]',
    '{"__proto__":{"polluted":1}}',
  ],
];

const refused: readonly (readonly [title: string, before: string, operations: string])[] = [
  ["a member below what is missing", "{}", '[{"op":"add","path":"/a/b","value":1}]'],
  ["a member of a scalar", '{"a":"text"}', '[{"op":"add","path":"/a/0","value":1}]'],
  ["a member of null", '{"a":null}', '[{"op":"test","path":"/a/b","value":null}]'],
  ["an element beyond the end", "[1]", '[{"op":"add","path":"/2","value":1}]'],
  ["an element that is not there", "[1]", '[{"op":"replace","path":"/1","value":1}]'],
  ["to remove what is not there", "[1]", '[{"op":"remove","path":"/1"}]'],
  ["to remove a missing member", "{}", '[{"op":"remove","path":"/a"}]'],
  ["to replace a missing member", "{}", '[{"op":"replace","path":"/a","value":1}]'],
  ["to remove everything", "{}", '[{"op":"remove","path":""}]'],
  ["- for an element that is there", "[1]", '[{"op":"remove","path":"/-"}]'],
  ["- on the way", "[[1]]", '[{"op":"add","path":"/-/0","value":1}]'],
  ["an index with a zero ahead", "[1,2]", '[{"op":"test","path":"/01","value":2}]'],
  ["an index with a sign", "[1,2]", '[{"op":"add","path":"/-1","value":2}]'],
  ["an index with an exponent", "[1,2]", '[{"op":"test","path":"/1e0","value":2}]'],
  ["an index that is none", "[1,2]", '[{"op":"replace","path":"/length","value":0}]'],
  ["an empty index", "[1]", '[{"op":"remove","path":"/"}]'],
  ["what is inherited", "{}", '[{"op":"copy","from":"/constructor","path":"/a"}]'],
  ["the prototype", "{}", '[{"op":"add","path":"/__proto__/polluted","value":1}]'],
  ["the prototype's prototype", "{}", '[{"op":"add","path":"/constructor/prototype/polluted","value":1}]'],
  ["to move from what is missing", "{}", '[{"op":"move","from":"/a","path":"/b"}]'],
  ["to move what is missing to where it is not", "{}", '[{"op":"move","from":"/a","path":"/a"}]'],
  ["to move into itself", '{"a":{"b":1}}', '[{"op":"move","from":"/a","path":"/a/b"}]'],
  ["to move the root", '{"a":1}', '[{"op":"move","from":"","path":"/a"}]'],
  ["a test of another value", '{"a":1}', '[{"op":"test","path":"/a","value":"1"}]'],
  ["a test of a part", '{"a":[1,2]}', '[{"op":"test","path":"/a","value":[1]}]'],
  ["a test of more keys", '{"a":{}}', '[{"op":"test","path":"/a","value":{"b":1}}]'],
  ["a path without a slash", '{"a":1}', '[{"op":"remove","path":"a"}]'],
  ["a path with a bad escape", '{"~2":1}', '[{"op":"remove","path":"/~2"}]'],
  ["a path that ends in an escape", '{"a":1}', '[{"op":"remove","path":"/a~"}]'],
  ["a path that is no text", '{"0":1}', '[{"op":"remove","path":0}]'],
  ["no path", "{}", '[{"op":"add","value":1}]'],
  ["no value", "{}", '[{"op":"add","path":"/a"}]'],
  ["no value to test", "[null]", '[{"op":"test","path":"/0"}]'],
  ["no from", "[1]", '[{"op":"copy","path":"/0"}]'],
  ["an unknown op", "{}", '[{"op":"spam","path":""}]'],
  ["an op that objects inherit", "{}", '[{"op":"constructor","path":""}]'],
  ["no op", "{}", '[{"path":""}]'],
  ["an operation that is none", "{}", "[null]"],
  ["a patch that is none", "{}", '{"op":"add","path":"/a","value":1}'],
];

describe("a JSON Patch", () => {
  it.each(applied)("does what RFC 6902 says: %s", (_, before, operations, after) => {
    const value: unknown = JSON.parse(before);

    const result = applyJsonPatch(parse(operations), value);

    expect(JSON.stringify(result)).toBe(JSON.stringify(JSON.parse(after)));
    expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(before)));
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each(refused)("refuses, and leaves no trace: %s", (_, before, operations) => {
    const value: unknown = JSON.parse(before);

    expect(() => applyJsonPatch(parse(operations), value)).toThrow(
      expect.objectContaining({ code: "PATCH_INVALID" }),
    );
    expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(before)));
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("names the operation that failed, and applies none of the others", () => {
    const before = Object.freeze({ a: 1 });
    const operations = parse('[{"op":"add","path":"/b","value":2},{"op":"test","path":"/a~1","value":2}]');

    expect(() => applyJsonPatch(operations, before)).toThrow(
      expect.objectContaining({
        details: { operation: 1, path: "/a~1", why: "there is no such key" },
      }),
    );
    expect(before).toEqual({ a: 1 });
  });

  it("shares what it does not touch, writes to nothing, and gives values of its own operations unchanged", () => {
    const before = Object.freeze({ kept: { a: 1 }, list: Object.freeze([1]) });
    const value = Object.freeze({ inner: Object.freeze([]) });
    const operations = [
      { op: "add", path: "/list/-", value },
      { op: "add", path: "/list/1/inner/-", value: 2 },
    ] as const;

    const after = applyJsonPatch(operations, before) as typeof before;

    expect(after).toEqual({ kept: { a: 1 }, list: [1, { inner: [2] }] });
    expect(after.kept).toBe(before.kept);
    expect(value).toEqual({ inner: [] });
  });

  it("does not look into what is no plain data", () => {
    const before = { when: new Date(5), map: new Map([["a", 1]]) };

    const after = applyJsonPatch([{ op: "copy", from: "/when", path: "/then" }], before);

    expect(after).toEqual({ ...before, then: before.when });
    expect(() => applyJsonPatch([{ op: "remove", path: "/map/a" }], before)).toThrow(
      expect.objectContaining({ code: "PATCH_INVALID" }),
    );
  });

  it("goes as deep as its paths lead", () => {
    const deep = JSON.parse("[".repeat(5000) + "]".repeat(5000)) as unknown;
    const path = "/0".repeat(4999);

    const after = applyJsonPatch(
      [
        { op: "add", path: `${path}/-`, value: 1 },
        { op: "test", path: "", value: JSON.parse(`${"[".repeat(5000)}1${"]".repeat(5000)}`) as unknown },
      ],
      deep,
    );

    expect(applyJsonPatch([{ op: "test", path: `${path}/0`, value: 1 }], after)).toBe(after);
  });
});

function parse(text: string): JsonPatchOperation[] {
  return JSON.parse(text) as JsonPatchOperation[];
}
