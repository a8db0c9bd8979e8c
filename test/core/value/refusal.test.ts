import { describe, expect, it } from "vitest";
import { type ContextError, isContextError } from "../../../src/core/errors.js";
import { createCodec } from "../../../src/core/value/codec.js";

const codec = createCodec();
class Foo {
  a = 1;
}
class MyMap extends Map<string, number> {}
class MyError extends Error {}

const hidden = Object.defineProperty({}, "secret", { value: 1, enumerable: false });
const hole = [1, 2, 3];
Reflect.deleteProperty(hole, 1);
const cycle: Record<string, unknown> = { list: [] };
cycle.list = [cycle];
const accessorArray = Object.defineProperty([1], 0, { get: () => 1, enumerable: true });
const setterOnly = Object.defineProperty([1], 0, { set: () => undefined, enumerable: true });

const cases: [title: string, value: unknown, path: string, what: string][] = [
  ["a function", () => 1, "plan", "a function"],
  ["a function inside", { steps: [0, { run() {} }] }, "plan.steps[1].run", "a function"],
  ["a symbol", { a: Symbol("s") }, "plan.a", "a symbol"],
  ["a symbol key", { a: { [Symbol("s")]: 1 } }, "plan.a[Symbol(s)]", "a symbol-keyed property"],
  [
    "a symbol key on an array",
    Object.assign([], { [Symbol("s")]: 1 }),
    "plan[Symbol(s)]",
    "a symbol-keyed property",
  ],
  [
    "an accessor",
    {
      a: {
        get b() {
          throw new Error("read");
        },
      },
    },
    "plan.a.b",
    "an accessor property",
  ],
  ["an accessor in an array", [accessorArray], "plan[0][0]", "an accessor property"],
  ["a setter in an array", [setterOnly], "plan[0][0]", "an accessor property"],
  ["a hidden property", { "a b": hidden }, 'plan["a b"].secret', "a hidden property"],
  ["a hole", { hole }, "plan.hole[1]", "a hole in an array"],
  ["a huge sparse array", new Array(4_000_000_000), "plan[0]", "a hole in an array"],
  [
    "an extra on an array",
    Object.assign([1], { x: 1 }),
    "plan.x",
    "a property of an array that is not an element",
  ],
  [
    "a hole made up for by an extra",
    Object.assign(new Array(2), { 1: 1, x: 1 }),
    "plan[0]",
    "a hole in an array",
  ],
  ["an ancestor", cycle, "plan.list[0]", "a reference to something that contains it"],
  ["an instance", [new Foo()], "plan[0]", "an instance of class Foo, which is not registered"],
  ["a Map's subclass", new MyMap(), "plan", "an instance of class MyMap, which is not registered"],
  ["an Error's subclass", new MyError(), "plan", "an instance of class MyError, which is not registered"],
  ["a prototype of its own", Object.create({}), "plan", "an object whose prototype is not the usual one"],
  ["a boxed number", { a: Object(1) as unknown }, "plan.a", "a boxed number"],
  ["a promise", Promise.resolve(), "plan", "a Promise"],
  ["a WeakMap", new WeakMap(), "plan", "a WeakMap"],
  ["shared memory", new SharedArrayBuffer(1), "plan", "a SharedArrayBuffer"],
  ["a view of shared memory", new Uint8Array(new SharedArrayBuffer(1)), "plan", "a view of shared memory"],
  [
    "an extra on a Date",
    Object.assign(new Date(0), { x: 1 }),
    "plan.x",
    "an extra property, which would be lost",
  ],
  [
    "an extra on bytes",
    Object.assign(new Uint8Array(2), { x: 1 }),
    "plan.x",
    "an extra property, which would be lost",
  ],
  [
    "an extra on a Map",
    Object.assign(new Map(), { x: 1 }),
    "plan.x",
    "an extra property, which would be lost",
  ],
  ["a place that is none", Object.assign(/a/, { lastIndex: -1 }), "plan.lastIndex", "not a place in a text"],
  ["in a Map", { m: new Map([["k", [() => 1]]]) }, 'plan.m.get("k")[0]', "a function"],
  ["a Map's key", new Map([[() => 1, 1]]), "plan.keys(0)", "a function"],
  ["in a Set", new Set([1, () => 1]), "plan.values(1)", "a function"],
  ["in an error", new Error("x", { cause: { f() {} } }), "plan.cause.f", "a function"],
  [
    "an accessor on an error",
    Object.defineProperty(new Error("x"), "y", { get: () => 1 }),
    "plan.y",
    "an accessor property",
  ],
];

describe("take refuses, naming the place,", () => {
  it.each(cases)("%s", (_, value, path, what) => {
    const refused = refusal(() => codec.take(value, "plan"));

    expect(refused.code).toBe("VALUE_UNSUPPORTED");
    expect(refused.details).toEqual({ path, what });
  });

  it("a proxy whose traps throw, with what they threw", () => {
    const cause = new RangeError("trap");
    const proxy = new Proxy(
      {},
      {
        ownKeys: () => {
          throw cause;
        },
      },
    );

    const refused = refusal(() => codec.take({ a: proxy }, "plan"));

    expect(refused.details).toEqual({ path: "plan.a", what: "a value that fails when it is read" });
    expect(refused.cause).toBe(cause);
  });

  it("an object that only looks like a Date", () => {
    const refused = refusal(() => codec.take([Object.create(Date.prototype)], "plan"));

    expect(refused.details).toMatchObject({ path: "plan[0]" });
  });

  it("and leaves what it refused as it was", () => {
    const value = { good: { list: [1] }, bad: () => 1 };

    refusal(() => codec.take(value, "plan"));
    refusal(() => codec.adopt(value, "plan"));

    expect([value, value.good, value.good.list].some(Object.isFrozen)).toBe(false);
    expect(Object.keys(value)).toEqual(["good", "bad"]);
  });
});

describe("adopt refuses what freezing does not hold, and what is no plain data,", () => {
  it.each([
    ...cases.filter(([, , , what]) => what.startsWith("a ")),
    ["a date", new Date(0), "plan", ""],
  ] as typeof cases)("%s", (_, value) => {
    expect(refusal(() => codec.adopt(value, "plan")).code).toBe("VALUE_UNSUPPORTED");
  });
});

describe("a value that is too deep", () => {
  it("is refused from 501 levels of its encoding on", () => {
    expect(codec.take(nest(500), "plan").sharable).toBe(true);
    expect(refusal(() => codec.take(nest(501), "plan")).code).toBe("VALUE_TOO_DEEP");
    expect(refusal(() => codec.take(nest(500, 1n), "plan")).code).toBe("VALUE_TOO_DEEP");
    expect(codec.take(nest(499, 1n), "plan").sharable).toBe(true);
    expect(codec.take(nest(497, new Map([[1, 1]])), "plan").sharable).toBe(false);
    expect(refusal(() => codec.take(nest(498, new Map([[1, 1]])), "plan")).code).toBe("VALUE_TOO_DEEP");
  });

  it("is refused too when its lower part was taken before", () => {
    const lower = codec.take(nest(300, NaN), "plan").value;

    expect(codec.take(nest(199, lower), "plan").sharable).toBe(true);
    expect(refusal(() => codec.take(nest(200, lower), "plan")).code).toBe("VALUE_TOO_DEEP");
  });

  it("may be a million levels deep, and gets a short path", () => {
    const deep = nest(1_000_000);

    expect(refusal(() => codec.take(deep, "plan")).details).toEqual({
      path: "plan[0][0][0]…[0][0][0]",
      limit: 500,
    });
    expect(refusal(() => codec.adopt(deep, "plan")).code).toBe("VALUE_TOO_DEEP");
    expect(() => codec.read("[".repeat(1_000_000) + "]".repeat(1_000_000))).toThrow("not a value encoding");
  });
});

describe("a value that is too large", () => {
  it("is refused when few objects stand for endlessly many", () => {
    let value: unknown = [];
    for (let i = 0; i < 60; i++) value = [value, value];

    const refused = refusal(() => codec.take({ value }, "plan"));

    expect(refused.details).toMatchObject({ what: "beyond the first 2000000 objects of one value" });
  });

  it("is refused when its text is longer than a string can be", () => {
    const text = "\u0000".repeat(2 ** 27);

    const refused = refusal(() => codec.take(text, "plan"));

    expect(refused.details).toEqual({ path: "plan", what: "longer than a text can be" });
  });
});

function nest(levels: number, ...inner: unknown[]): unknown {
  let value: unknown = inner;
  for (let i = 1; i < levels; i++) value = [value];
  return value;
}

function refusal(work: () => unknown): ContextError {
  try {
    work();
  } catch (error) {
    if (isContextError(error)) return error;
    throw error;
  }
  throw new Error("Nothing was refused.");
}
