import fc from "fast-check";
import { expect, it } from "vitest";
import type { ValueClass } from "../../src/index.js";
import { equalValues } from "../../src/core/value/equal.js";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { anyKey, anyValue } from "../support/values.js";

const own = JSON.parse('{"__proto__":{"constructor":1},"toJSON":2,"$type":"Date"}') as unknown;
const values: Readonly<Record<string, unknown>> = {
  json: { a: [1, "two", null, true, { b: 1.5 }] },
  undefinedInside: { a: undefined, b: [undefined] },
  nan: Number.NaN,
  infinities: [Infinity, -Infinity],
  negativeZero: -0,
  bigint: 2n ** 80n,
  date: new Date(1_700_000_000_123),
  invalidDate: new Date(Number.NaN),
  map: new Map<unknown, unknown>([
    [{ key: 1 }, new Date(0)],
    [Number.NaN, -0],
  ]),
  set: new Set([1n, "a", new Map()]),
  pattern: /a(?<b>c)/giu,
  url: new URL("https://example.org/a?b=c#d"),
  error: new TypeError("broken", { cause: new Error("inner") }),
  bytes: new Uint8Array([0, 127, 255]),
  floats: new Float64Array([Number.NaN, -0, 1e300]),
  bigints: new BigInt64Array([-1n, 2n ** 62n]),
  buffer: new Uint8Array([1, 2, 3]).buffer,
  own,
  loneSurrogates: "a\ud800b\udfff",
  nulInText: "a\0b",
  emptyKey: { "": { "": 1 } },
};

eachEngine("a typed value", ({ open, reopen }) => {
  it.each(Object.entries(values))("comes back exactly after a restart: %s", async (_, value) => {
    const store = open();
    const ctx = await store.context("run", { initial: { initial: value } });
    await ctx.set("set", value);
    await ctx.setEphemeral("ephemeral", value);
    await ctx.setMetadata({ fact: value });
    const snapshot = await ctx.snapshot("s", { metadata: { fact: value } });
    await ctx.set("set", "other");

    const again = await (await reopen(store)).context("run");

    expect(again.get("initial")).toStrictEqual(value);
    expect(again.get("ephemeral")).toStrictEqual(value);
    expect(again.metadata.fact).toStrictEqual(value);
    expect(again.snapshots()[0]!.metadata.fact).toStrictEqual(value);
    expect((await again.at(snapshot)).get("set")).toStrictEqual(value);
    await again.restore(snapshot);
    expect(again.get("set")).toStrictEqual(value);
  });

  it("comes back exactly, whatever it is, with nothing left for a rebuild to mend", async () => {
    const store = open();
    const ctx = await store.context("run");
    const property = fc.asyncProperty(anyKey(), anyValue(), async (key, value) => {
      fc.pre(value !== undefined && !/[\ud800-\udfff]/u.test(key));
      await ctx.set(key, value);
      expect(equalValues(ctx.get(key), value)).toBe(true);
    });
    await fc.assert(property, { numRuns: 60 });
    const [before, keys] = [ctx.clone(), ctx.keys()];

    const { differences } = await store.rebuild();
    const again = await (await reopen(store)).context("run");

    expect(new Set(Object.values(differences))).toEqual(new Set([0]));
    expect(equalValues(again.clone(), before)).toBe(true);
    expect(again.keys()).toEqual(keys);
  });

  it("of a class of the caller's own needs that class, and says so without it", async () => {
    class Money {
      readonly cents: number;
      constructor(cents: number) {
        this.cents = cents;
      }
    }
    const money: ValueClass = {
      name: "Money",
      is: (value) => value instanceof Money,
      encode: (value) => (value as Money).cents,
      decode: (cents) => new Money(cents as number),
    };
    const store = open({ classes: [money] });
    const ctx = await store.context("run");
    await ctx.set("budget", { left: new Money(5) });

    const reopened = await reopen(store, { classes: [money] });

    expect((await reopened.context("run")).get("budget")).toStrictEqual({ left: new Money(5) });
    const refusal = await refusalOf(async () => (await reopen(reopened)).context("run"));
    expect(refusal).toMatchObject({ code: "CLASS_UNKNOWN", details: { name: "Money" } });
  });
});
