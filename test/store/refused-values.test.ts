import { expect, it } from "vitest";
import { type AnyContext, eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

/** A value nested so many levels deep. */
function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

const cycle: { self?: unknown } = {};
cycle.self = [cycle];
class Plan {
  readonly steps = 1;
}

const refused: readonly [title: string, value: unknown, code: string, path: string][] = [
  ["a function", () => 1, "VALUE_UNSUPPORTED", "k"],
  ["a function inside", { steps: [1, { run: () => 1 }] }, "VALUE_UNSUPPORTED", "k.steps[1].run"],
  ["a symbol", Symbol("s"), "VALUE_UNSUPPORTED", "k"],
  ["a symbol as a key", { [Symbol("s")]: 1 }, "VALUE_UNSUPPORTED", "k"],
  ["a cycle", cycle, "VALUE_UNSUPPORTED", "k.self[0]"],
  ["an instance of a class", { plan: new Plan() }, "VALUE_UNSUPPORTED", "k.plan"],
  ["an object of another prototype", Object.create({}), "VALUE_UNSUPPORTED", "k"],
  ["a promise", { a: Promise.resolve() }, "VALUE_UNSUPPORTED", "k.a"],
  ["a weak map", new WeakMap(), "VALUE_UNSUPPORTED", "k"],
  [
    "an accessor",
    Object.defineProperty({}, "a", { get: () => 1, enumerable: true }),
    "VALUE_UNSUPPORTED",
    "k.a",
  ],
  ["a function in a map", new Map([["a", () => 1]]), "VALUE_UNSUPPORTED", "k"],
  ["nothing", undefined, "VALUE_UNSUPPORTED", "k"],
  ["nesting beyond 500 levels", nested(501), "VALUE_TOO_DEEP", "k"],
  ["nesting of 100,000 levels", nested(100_000), "VALUE_TOO_DEEP", "k"],
];

/** All that can be seen of a context. */
async function traceOf(ctx: AnyContext): Promise<object> {
  const { version, sequence, metadata, protectedKeys } = ctx;
  const [events, changes, stats] = [await ctx.history(), await ctx.changes(), await ctx.stats()];
  return {
    version,
    sequence,
    metadata,
    protectedKeys,
    keys: ctx.keys(),
    all: ctx.clone(),
    events,
    changes,
    stats,
  };
}

eachEngine("a value that cannot be kept", ({ open, reopen }) => {
  it.each(refused)(
    "is refused by every verb with its path, and leaves no trace: %s",
    async (_, value, code, path) => {
      const store = open();
      const ctx = await store.context("run", { initial: { k: 1 } });
      await ctx.set("other", 1);
      const before = await traceOf(ctx);

      for (const write of [
        () => ctx.set("k", value),
        () => ctx.set("k", value, { copy: false }),
        () => ctx.set("k", value, { protect: true, idempotencyKey: "i" }),
        () => ctx.setEphemeral("k", value),
        () => ctx.update({ other: 2, k: value }),
        () => ctx.merge({ other: 2, k: value }, "update"),
        () => ctx.merge({ k: value }, "replace"),
        () => store.context("new", { initial: { k: value } }),
      ]) {
        const refusal = await refusalOf(write);
        expect(refusal.code).toBe(code);
        expect((refusal.details as { path: string }).path.startsWith(path)).toBe(true);
      }

      expect(await traceOf(ctx)).toEqual(before);
      expect((await store.contexts()).map(({ id }) => id)).toEqual(["run"]);
      expect(await traceOf(await (await reopen(store)).context("run"))).toEqual(before);
    },
  );

  it("may be 500 levels deep, and comes back so", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.set("deep", nested(500));

    const again = await (await reopen(store)).context("run");

    expect(JSON.stringify(again.get("deep"))).toBe(JSON.stringify(nested(500)));
  });

  it.each([
    ["half a surrogate pair", "\ud800"],
    ["one inside", "a\udfffb"],
    ["too long a name", "k".repeat(4097)],
  ])("has no better luck under a key that cannot be: %s", async (_, key) => {
    const ctx = await open().context("run");

    for (const write of [
      () => ctx.set(key, 1),
      () => ctx.setEphemeral(key, 1),
      () => ctx.update({ [key]: 1 }),
      () => ctx.merge({ [key]: 1 }),
      () => ctx.protect(key),
      () => ctx.delete(key),
      () => ctx.edit(key, () => 1),
      () => ctx.merge({ a: 1 }, "prefixed", { prefix: key }),
      () => ctx.setMetadata({ [key]: 1 }),
    ]) {
      expect((await refusalOf(write)).code).toBe("KEY_INVALID");
    }
    expect((await refusalOf(() => ctx.set(5 as unknown as string, 1))).code).toBe("KEY_INVALID");
    expect(ctx.sequence).toBe(1);
  });

  it("is refused as attribution too, where it is no whole text", async () => {
    const ctx = await open().context("run");

    for (const options of [
      { actor: "\ud800" },
      { cause: 1 as unknown as string },
      { tags: { a: "\udfff" } },
    ]) {
      expect((await refusalOf(() => ctx.set("a", 1, options))).code).toBe("OPTION_INVALID");
    }
    expect(ctx.sequence).toBe(1);
  });
});

eachEngine("a context's id", ({ open }) => {
  it.each([
    ["empty", ""],
    ["with a NUL", "a\0b"],
    ["with half a pair", "\ud800"],
    ["too long", "i".repeat(513)],
  ])("is refused when it is %s", async (_, id) => {
    const store = open();

    expect((await refusalOf(() => store.context(id))).code).toBe("ID_INVALID");
    expect((await refusalOf(() => store.find(id))).code).toBe("ID_INVALID");
    expect(await store.contexts()).toEqual([]);
  });

  it("may be any other text", async () => {
    const store = open();
    for (const id of [
      "run@7",
      "run#7",
      '"',
      " ",
      "a\nb",
      "é",
      "__proto__",
      "%_*?[a]",
      "'; DROP TABLE events",
    ]) {
      const ctx = await store.context(id, { initial: { id } });

      expect([ctx.id, (await store.find(id))?.get("id")]).toEqual([id, id]);
    }
  });
});
