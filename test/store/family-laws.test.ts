import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type AnyContext, type AnyStore, eachEngine, type TestEngine } from "../support/each-engine.js";
import { Family, makeMove } from "../support/family.js";
import { familyWalk } from "../support/family-moves.js";
import { temporaryFolder } from "../support/sqlite-files.js";
import { statesOf, tell } from "../support/told-states.js";

/** The present state and every past one are what replaying the whole history gives. */
async function expectReplayed(ctx: AnyContext): Promise<void> {
  const events = await ctx.history();
  const states = statesOf(events);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  const last = states.get(ctx.sequence)!;
  expect(Object.entries(ctx.persistent)).toEqual(Object.entries(Object.fromEntries(last.persistent)));
  expect(ctx.ephemeral).toEqual(Object.fromEntries(last.ephemeral));
  expect(ctx.protectedKeys).toEqual([...last.isProtected].sort());
  for (const [sequence, { version, persistent }] of states) {
    const view = await ctx.at(`#${sequence}`);
    expect([sequence, view.version, view.entries()]).toEqual([sequence, version, [...persistent]]);
    const isLastOfVersion = states.get(sequence + 1)?.version !== version;
    if (isLastOfVersion) expect((await ctx.at(version)).entries()).toEqual([...persistent]);
  }
  for (const { event, view } of await stepsOf(ctx)) {
    expect([event.sequence, view.entries()]).toEqual([
      event.sequence,
      [...states.get(event.sequence)!.persistent],
    ]);
  }
}

async function stepsOf(ctx: AnyContext) {
  const steps = [];
  for await (const step of ctx.replay()) steps.push(step);
  return steps;
}

/** All of it survives a file, twice, and a file of one context alone. */
async function expectTransferred({ store, contexts }: Family, open: TestEngine["open"]): Promise<void> {
  const folder = temporaryFolder();
  const [whole, again] = [join(folder, "whole.jsonl"), join(folder, "again.jsonl")];
  await store.save(whole);
  const copies = open();
  await copies.load(whole);
  await copies.save(again);
  expect(readFileSync(again, "utf8")).toBe(readFileSync(whole, "utf8"));
  await expectSound(copies);
  for (const ctx of contexts) {
    const alone = join(folder, `${ctx.sequence}-${ctx.id}.jsonl`);
    await store.save(alone, ctx.id);
    const single = open();
    await single.load(alone);
    await expectSound(single);
    for (const copy of [await copies.context(ctx.id), await single.context(ctx.id)]) {
      expect(tell(copy)).toEqual(tell(ctx));
      expect((await copy.history()).map(({ hash, effects }) => [hash, effects])).toEqual(
        (await ctx.history()).map(({ hash, effects }) => [hash, effects]),
      );
    }
  }
}

async function expectSound(store: AnyStore): Promise<void> {
  expect((await store.verify()).faults).toEqual([]);
  expect(new Set(Object.values((await store.rebuild()).differences))).toEqual(new Set([0]));
}

eachEngine("after a random walk of a family of forks", ({ name, open, reopen }) => {
  it("each context is what its history says, the others stay untouched, and all of it verifies and travels", async () => {
    const property = fc.asyncProperty(familyWalk, async (moves) => {
      const family = new Family(open());
      family.contexts.push(await family.store.context("run-0", { initial: { a: 1 }, protect: ["goal"] }));
      for (const [index, move] of moves.entries()) {
        await family.expectOthersUntouched(await makeMove(family, move));
        if (index % 15 !== 14) continue;
        for (const ctx of family.contexts) await expectReplayed(ctx);
        await expectSound(family.store);
        await expectTransferred(family, open);
      }

      const present = family.contexts.map((ctx) => ({ id: ctx.id, told: tell(ctx) }));
      const again = await reopen(family.store);
      for (const { id, told } of present) expect(tell(await again.context(id))).toEqual(told);
    });

    await fc.assert(property, { numRuns: name === "SQLite" ? 3 : 6 });
  });
});
