import { describe, expect, it } from "vitest";
import { compare } from "./comparison.js";

describe("comparing what was recorded with what was observed", () => {
  it("ignores the order of keys and the form of a number", () => {
    expect(compare(JSON.parse('{"a":1,"b":2}'), JSON.parse('{"b":2.0,"a":1e0}'))).toEqual([]);
  });

  it("tells a boolean from a number, null from nothing, and an array from an object", () => {
    expect(compare({ a: 1 }, { a: true })).toHaveLength(1);
    expect(compare({ a: null }, {})).toEqual([{ path: "a", recorded: "null", observed: "(absent)" }]);
    expect(compare({}, { a: undefined })).toHaveLength(1);
    expect(compare({ a: [] }, { a: {} })).toHaveLength(1);
  });

  it("takes the order of an array seriously, except where names are a set", () => {
    expect(
      compare({ state: { persistent: ["a", "b"] } }, { state: { persistent: ["b", "a"] } }),
    ).toHaveLength(2);
    expect(compare({ state: { protected: ["a", "b"] } }, { state: { protected: ["b", "a"] } })).toEqual([]);
    expect(
      compare({ logged: { details: { keys: ["a"] } } }, { logged: { details: { keys: ["b"] } } }),
    ).toHaveLength(1);
  });

  it("takes keys such as __proto__ and constructor for ordinary ones, at every level", () => {
    const recorded: unknown = JSON.parse('{"__proto__":{"constructor":1}}');

    expect(compare(recorded, JSON.parse('{"__proto__":{"constructor":1}}'))).toEqual([]);
    expect(compare(recorded, JSON.parse('{"__proto__":{"constructor":2}}'))).toHaveLength(1);
    expect(compare(recorded, {})).toHaveLength(1);
  });

  it("says nothing of a loose path and what lies below it, but all of what lies beside and above", () => {
    const loose = ["logged.details"];

    expect(compare({ logged: { details: { a: 1 } } }, { logged: { details: { a: 2 } } }, loose)).toEqual([]);
    expect(compare({ logged: { version: 1 } }, { logged: { version: 2 } }, loose)).toHaveLength(1);
    expect(compare({ logged: null }, { logged: { details: {} } }, loose)).toHaveLength(1);
    expect(compare({ logged: 1 }, { logged: 2 }, ["*"])).toEqual([]);
  });
});
