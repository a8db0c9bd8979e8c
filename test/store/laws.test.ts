import fc from "fast-check";
import { expect, it } from "vitest";
import type { ContextEvent } from "../../src/index.js";
import { ContextModel, makeMove, type Move } from "../support/context-model.js";
import { type AnyContext, eachEngine } from "../support/each-engine.js";

const key = fc.constantFrom("a", "b", "c", "goal", "p_a", "__proto__", "7");
const value = fc.oneof(fc.integer({ min: 0, max: 2 }), fc.constantFrom(null, "x", [1], { a: 1 }));
const values = fc.uniqueArray(fc.tuple(key, value), { maxLength: 4, selector: ([name]) => name }).map(
  // Own keys, `__proto__` too.
  (pairs) => Object.fromEntries(pairs),
);
const verb = <Verb extends string>(...verbs: Verb[]) => fc.constantFrom(...verbs);

/** Mostly appends to growing lists, as orchestrators do. */
const simpleMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ verb: verb("append"), key: fc.constantFrom("log", "notes"), value }) },
  { weight: 4, arbitrary: fc.record({ verb: verb("set", "setEphemeral"), key, value }) },
  { weight: 3, arbitrary: fc.record({ verb: verb("update", "safe", "overwrite", "prefixed"), values }) },
  { weight: 2, arbitrary: fc.record({ verb: verb("delete"), key }) },
  { weight: 2, arbitrary: fc.record({ verb: verb("protect", "unprotect"), key }) },
  { weight: 1, arbitrary: fc.record({ verb: verb("replace"), values }) },
  { weight: 1, arbitrary: fc.record({ verb: verb("clearEphemeral") }) },
);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 20, arbitrary: simpleMove },
  { weight: 1, arbitrary: fc.record({ verb: verb("snapshot") }) },
  { weight: 2, arbitrary: fc.record({ verb: verb("restore"), back: fc.nat({ max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ verb: verb("batch"), moves: fc.array(simpleMove, { maxLength: 5 }) }) },
);
const walk = fc.array(move, { minLength: 150, maxLength: 200, size: "max" });

/** The persistent keys after each version, made of nothing but the events' effects. */
function replay(events: readonly ContextEvent[]): ReadonlyMap<string, unknown>[] {
  const versions: ReadonlyMap<string, unknown>[] = [];
  let keys = new Map<string, unknown>();
  for (const { effects, version } of events) {
    keys = new Map(keys);
    for (const effect of effects) {
      if (effect.scope !== "persistent") continue;
      if (effect.op === "set") keys.set(effect.key, effect.value);
      else keys.delete(effect.key);
    }
    versions[version] = keys;
  }
  return versions;
}

function presentOf(ctx: AnyContext): [string, unknown][] {
  return ctx.keys().map((name) => [name, ctx.get(name)]);
}

eachEngine("after a random walk of some 200 commands", ({ name, open, reopen }) => {
  it("the context is what a plain model says, at every version, after a restart and a rebuild", async () => {
    const property = fc.asyncProperty(walk, async (moves) => {
      const store = open({ protect: ["goal"] });
      const ctx = await store.context("run");
      const model = new ContextModel();
      model.protected.add("goal");
      for (const one of moves) {
        expect([one, await makeMove(ctx, one)]).toEqual([one, model.make(one)]);
        expect([one, ctx.version]).toEqual([one, model.version]);
      }

      const { persistent, ephemeral, versions } = model;
      const shadowless = [...ephemeral].filter(([own]) => !persistent.has(own));
      expect(presentOf(ctx)).toEqual([...persistent, ...shadowless]);
      expect(ctx.protectedKeys).toEqual([...model.protected].sort());
      const replayed = replay(await ctx.history());
      expect(replayed.length).toBe(versions.length);
      for (const [version, keys] of versions.entries()) {
        const view = await ctx.at(version);
        expect(view.entries()).toEqual([...keys]);
        expect([...replayed[version]!]).toEqual([...keys]);
      }

      const present = presentOf(ctx);
      expect(new Set(Object.values((await store.rebuild()).differences))).toEqual(new Set([0]));
      const again = await (await reopen(store)).context("run");
      expect(presentOf(again)).toEqual(present);
      expect(again.ephemeral).toEqual(Object.fromEntries(ephemeral));
      expect((await again.at("@latest")).entries()).toEqual([...persistent]);
    });

    await fc.assert(property, { numRuns: name === "SQLite" ? 4 : 8 });
  });
});
