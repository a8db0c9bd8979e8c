import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isContextError } from "../../src/index.js";
import { type AnyContext, type AnyStore, eachEngine } from "../support/each-engine.js";
import { Family, makeMove } from "../support/family.js";
import { familyWalk } from "../support/family-moves.js";
import { readingsOf } from "../support/readings.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

const where = fc.record({ which: fc.nat({ max: 3 }), part: fc.double({ min: 0, max: 1, noNaN: true }) });
const prunings = fc.array(where, { minLength: 4, maxLength: 4 });

eachEngine("a family of forks, pruned at random in the midst of a walk", ({ open }) => {
  it("reads at and behind a floor as before, says what lies before it is gone, and has that in archives", async () => {
    const property = fc.asyncProperty(
      fc.noShrink(familyWalk),
      fc.noShrink(prunings),
      async (moves, asked) => {
        const folder = temporaryFolder();
        const family = new Family(open({ patches: asked[0]!.part < 0.5 ? "auto" : "always" }));
        family.contexts.push(await family.store.context("run-0", { initial: { a: 1 }, protect: ["goal"] }));
        for (const move of moves) await makeMove(family, move);
        for (const { which, part } of asked) {
          const ctx = family.pick(which);
          const archive = await pruneOne(ctx, part, folder);
          if (archive !== undefined) await expectArchived(archive, open());
          await expectSound(family.store);
          await ctx.update({ a: which, c: part });
          await ctx.clearEphemeral();
        }
        await expectTransferred(family, open());
      },
    );

    await fc.assert(property, { numRuns: 1 });
  });
});

/** A file brings what is left over, for all that can be read of it. */
async function expectTransferred({ store, contexts }: Family, copies: AnyStore): Promise<void> {
  const file = join(temporaryFolder(), "all.jsonl");
  await store.save(file);
  await copies.load(file);
  await expectSound(copies);
  for (const ctx of contexts) {
    const range = { from: ctx.sequence - 1, upTo: ctx.sequence };
    const read = async (from: AnyContext) => (await readingsOf(from, range)).map(withoutOwners);
    expect(await read((await copies.find(ctx.id))!)).toEqual(await read(ctx));
  }
}

/** What a pruned fork shares with its parent is its own once it was saved and loaded. */
function withoutOwners(reading: string): string {
  return reading.replaceAll(/"context":"[^"]*",/g, "");
}

/** What a pruning took, and what could be read of it. */
interface Archived {
  readonly file: string;
  readonly upTo: number;
  readonly from: number;
  readonly readings: readonly string[];
}

async function pruneOne(ctx: AnyContext, part: number, folder: string): Promise<Archived | undefined> {
  const upTo = ctx.sequence;
  const before = { sequence: Math.max(1, Math.round(upTo * part)) };
  const options = { before, keep: { snapshots: part < 0.3 }, archive: folder };
  const planned = await unlessPruned(() => ctx.prune({ ...options, dryRun: true }));
  if (planned === undefined || planned.events === 0) return undefined;
  const range = { from: planned.floor, upTo };
  const readings = await readingsOf(ctx, range);
  const gone = { from: planned.floor - planned.events + 1, upTo: planned.floor };
  const old = (await ctx.at(`#${gone.from}`)).entries();

  const pruned = await ctx.prune(options);

  expect({ ...pruned, archive: undefined }).toEqual({ ...planned, archive: undefined });
  expect(await readingsOf(ctx, range)).toEqual(readings);
  await expectGone(ctx, planned.floor);
  return { file: pruned.archive!.file, ...gone, readings: [JSON.stringify(old)] };
}

async function expectArchived({ file, from, upTo, readings }: Archived, store: AnyStore): Promise<void> {
  const [id] = await store.load(file);
  await expectSound(store);
  const ctx = (await store.find(id!))!;
  // One event more tells of what was erased since.
  expect([upTo, upTo + 1]).toContain(ctx.sequence);
  expect([JSON.stringify((await ctx.at(`#${from}`)).entries())]).toEqual(readings);
}

async function expectGone(ctx: AnyContext, floor: number): Promise<void> {
  for (const sequence of [1, Math.floor(floor / 2), floor - 1].filter((each) => each > 0 && each < floor)) {
    const refusal = await refusalOf(() => ctx.at(`#${sequence}`));
    expect(isContextError(refusal, "HISTORY_PRUNED") && refusal.details.floor).toBe(floor);
  }
}

async function expectSound(store: AnyStore): Promise<void> {
  expect((await store.verify()).faults).toEqual([]);
  expect(new Set(Object.values((await store.rebuild()).differences))).toEqual(new Set([0]));
}

async function unlessPruned<Result>(work: () => Result | Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isContextError(error, "HISTORY_PRUNED")) return undefined;
    throw error;
  }
}
