import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { openMemoryStore } from "../../src/index.js";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

const open = () => openMemoryStore();

eachEngine("ctx.data, read", ({ open }) => {
  it("is the context as a plain dictionary, persistent keys first", async () => {
    const ctx = await open().context("run", { initial: { b: 1, a: { list: [1] } } });
    await ctx.setEphemeral("progress", 50);
    await ctx.setEphemeral("a", "shadowed");

    expect(ctx.data.b).toBe(1);
    expect(ctx.data.absent).toBeUndefined();
    expect(["b" in ctx.data, "absent" in ctx.data, "toString" in ctx.data]).toEqual([true, false, false]);
    expect(Object.keys(ctx.data)).toEqual(["b", "a", "progress"]);
    expect(Object.entries(ctx.data)).toEqual([
      ["b", 1],
      ["a", { list: [1] }],
      ["progress", 50],
    ]);
    expect({ ...ctx.data }).toEqual({ b: 1, a: { list: [1] }, progress: 50 });
    expect(JSON.stringify(ctx.data)).toBe('{"b":1,"a":{"list":[1]},"progress":50}');
    expect(structuredClone({ ...ctx.data })).toEqual({ b: 1, a: { list: [1] }, progress: 50 });
    expect(Object.hasOwn(ctx.data, "b")).toBe(true);
    const walked = [];
    for (const key in ctx.data) walked.push(key);
    expect(walked).toEqual(["b", "a", "progress"]);
    expect(Object.getOwnPropertyDescriptor(ctx.data, "b")).toEqual({
      value: 1,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  });

  it("prints as what it holds", async () => {
    const ctx = await open().context("run", { initial: { a: { list: [1] } } });

    expect(inspect(ctx.data)).toBe("{ a: { list: [ 1 ] } }");
    expect(inspect({ data: ctx.data }, { depth: 9 })).toContain("list: [ 1 ]");
  });

  it("refuses fixed properties before anything is written", async () => {
    const ctx = await open().context("run");

    for (const fixed of [{ configurable: false }, { writable: false }, { enumerable: false }]) {
      const descriptor = { value: 1, enumerable: true, configurable: true, writable: true, ...fixed };
      const refusal = await refusalOf(() => Object.defineProperty(ctx.data, "x", descriptor));
      expect([refusal.code, ctx.sequence]).toEqual(["VALUE_UNSUPPORTED", 1]);
    }
  });

  it("hands out frozen values", async () => {
    const ctx = await open().context("run", { initial: { a: { list: [1] } } });

    expect(() => (ctx.data.a as { list: number[] }).list.push(2)).toThrow(TypeError);
  });

  it("has no symbols, and no prototype whose names would be keys", async () => {
    const ctx = await open().context("run");

    expect([Symbol.iterator in ctx.data, Symbol.toPrimitive in ctx.data]).toEqual([false, false]);
    expect([ctx.data.constructor, ctx.data.__proto__, ctx.data.then]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(await Promise.resolve(ctx.data)).toBe(ctx.data);
  });
});

describe("ctx.data, written", () => {
  it("is durable at once: assignment, delete, Object.assign, and operators", () => {
    const ctx = open().context("run", { initial: { gone: 1 } });

    ctx.data.step = 1;
    (ctx.data.step as number) += 1;
    ctx.data.list ??= [1];
    delete ctx.data.gone;
    Object.assign(ctx.data, { x: 1, y: 2 });

    expect(ctx.persistent).toEqual({ step: 2, list: [1], x: 1, y: 2 });
    expect(ctx.changes().map(({ operation }) => operation)).toEqual([
      "initialize",
      "set",
      "set",
      "set",
      "delete",
      "set",
      "set",
    ]);
  });

  it("writes persistent keys, over ephemeral ones of the name", () => {
    const ctx = open().context("run");
    ctx.setEphemeral("a", 1);

    ctx.data.a = 2;

    expect([ctx.persistent, ctx.ephemeral]).toEqual([{ a: 2 }, { a: 1 }]);
    delete ctx.data.a;
    expect(ctx.has("a")).toBe(false);
  });

  it("copies what is assigned", () => {
    const ctx = open().context("run");
    const given = { list: [1] };

    ctx.data.a = given;
    given.list.push(2);

    expect(ctx.data.a).toEqual({ list: [1] });
  });

  it("keeps keys that objects inherit", () => {
    const ctx = open().context("run");

    const data = ctx.data as Record<string, unknown>;
    data.__proto__ = { polluted: 1 };
    Object.assign(data, { constructor: 1, toString: 2 });

    expect(ctx.keys()).toEqual(["__proto__", "constructor", "toString"]);
    expect(data.__proto__).toEqual({ polluted: 1 });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(ctx.data)).toBeNull();
  });

  it("refuses what the context refuses", async () => {
    const ctx = open().context("run", { initial: { goal: 1 }, protect: ["goal"] });

    expect((await refusalOf(() => (ctx.data.goal = 2))).code).toBe("KEY_PROTECTED");
    expect((await refusalOf(() => delete ctx.data.goal)).code).toBe("KEY_PROTECTED");
    expect((await refusalOf(() => (ctx.data.a = undefined))).code).toBe("VALUE_UNSUPPORTED");
    expect((await refusalOf(() => (ctx.data.f = () => 1))).code).toBe("VALUE_UNSUPPORTED");
    expect(ctx.sequence).toBe(1);
  });

  it("refuses symbols, accessors, hidden properties, freezing, and another prototype", async () => {
    const ctx = open().context("run", { initial: { a: 1 } });
    const data = ctx.data as Record<PropertyKey, unknown>;

    expect((await refusalOf(() => (data[Symbol("s")] = 1))).code).toBe("KEY_INVALID");
    for (const property of [
      { get: () => 1, enumerable: true },
      { value: 1, enumerable: false },
    ]) {
      expect((await refusalOf(() => Object.defineProperty(data, "b", property))).code).toBe(
        "VALUE_UNSUPPORTED",
      );
    }
    expect(() => Object.freeze(data)).toThrow();
    expect(() => Object.setPrototypeOf(data, {}) as unknown).toThrow(TypeError);
    expect([ctx.persistent, ctx.sequence]).toEqual([{ a: 1 }, 1]);
    Object.defineProperty(data, "b", { value: 1, enumerable: true, writable: true, configurable: true });
    expect(ctx.get("b")).toBe(1);
  });

  it("shows and takes part in a batch", () => {
    const ctx = open().context("run");

    expect(() =>
      ctx.batch(() => {
        ctx.data.a = 1;
        expect({ ...ctx.data }).toEqual({ a: 1 });
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect({ ...ctx.data }).toEqual({});
  });
});

eachEngine("a context that is printed", ({ open }) => {
  it("shows its id, its version and its data, and nothing of the store", async () => {
    const ctx = await open().context("run", { initial: { goal: "g" } });
    await ctx.setEphemeral("progress", 5);

    expect(inspect(ctx)).toBe("{ id: 'run', version: 0, data: { goal: 'g', progress: 5 } }");
    expect(JSON.stringify(ctx)).toBe('{"goal":"g","progress":5}');
  });
});
