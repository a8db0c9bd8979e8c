import fc from "fast-check";
import { expect, it } from "vitest";
import { ErasedValue, type SearchHit } from "../../src/index.js";
import { type AnyContext, eachEngine } from "../support/each-engine.js";
import { textsIn } from "../support/texts-in.js";
import { anyKey, anyValue } from "../support/values.js";

const write = fc.record({
  key: anyKey().filter((key) => !/\p{Surrogate}/u.test(key)),
  value: anyValue().filter((value) => value !== undefined),
  verb: fc.constantFrom("set", "setEphemeral", "delete", "batch"),
});
const writes = fc.array(write, { minLength: 1, maxLength: 8 });

eachEngine("search", ({ name, open }) => {
  it("finds what a walk over all values finds, now and in history, by text and by expression", async () => {
    const property = fc.asyncProperty(writes, fc.nat(), fc.nat(), async (all, pick, cut) => {
      const ctx = await open({ protect: [] }).context("run");
      for (const { key, value, verb } of all) await perform(ctx, verb, key, value);
      const [now, ever] = [presentTexts(ctx), await allTexts(ctx)];
      const wanted = partOf(ever[pick % Math.max(1, ever.length)]?.text ?? "", cut) || "a";
      const fits = ({ text }: Text) => text.includes(wanted) && isWhole(text);

      for (const pattern of [wanted, new RegExp(escaped(wanted), "g")]) {
        const present = await ctx.search(pattern);
        const past = await ctx.search(pattern, { in: "history" });

        expect(sorted(found(present))).toEqual(sorted(now.filter(fits)));
        expect(found(past)).toEqual(ever.filter(fits));
      }
    });

    await fc.assert(property, { numRuns: name === "SQLite" ? 40 : 100 });
  });
});

interface Text {
  readonly sequence?: number;
  readonly scope: string;
  readonly key: string;
  readonly text: string;
}

function perform(ctx: AnyContext, verb: string, key: string, value: unknown): unknown {
  if (verb === "delete") return ctx.delete(key);
  if (verb === "setEphemeral") return ctx.setEphemeral(key, value);
  if (verb === "set") return ctx.set(key, value);
  return ctx.batch(() => void ctx.set(key, value));
}

function presentTexts(ctx: AnyContext): readonly Text[] {
  return (["persistent", "ephemeral"] as const).flatMap((scope) =>
    Object.entries(ctx[scope]).flatMap(([key, value]) => textsOf(scope, key, value)),
  );
}

async function allTexts(ctx: AnyContext): Promise<readonly Text[]> {
  return (await ctx.history()).flatMap(({ effects, sequence }) =>
    effects
      .filter(({ op, scope }) => op === "set" && (scope === "persistent" || scope === "ephemeral"))
      .flatMap(({ scope, key, value }) => textsOf(scope, key, value).map((text) => ({ sequence, ...text }))),
  );
}

function textsOf(scope: string, key: string, value: unknown): Text[] {
  // Of an ephemeral value, nothing is left to be found once its key was deleted.
  const texts = value instanceof ErasedValue ? [] : textsIn(value);
  return [key, ...texts].map((text) => ({ scope, key, text }));
}

function found(hits: readonly SearchHit[]): readonly Text[] {
  return hits
    .filter(({ value }) => isWhole(value))
    .map(({ sequence, scope, key, value: text }) => ({ sequence, scope, key, text }));
}

/** Long texts, such as stacks of errors, are cut. */
function isWhole(text: string): boolean {
  return text.length <= 1000 && !text.startsWith("…") && !text.endsWith("…");
}

/** The present is compared without its order, which numbers among the keys of a record would change. */
function sorted(texts: readonly Text[]): readonly string[] {
  return texts.map(({ scope, key, text }) => JSON.stringify([scope, key, text])).sort();
}

/** Some part of a text, which may begin or end in the middle of a surrogate pair. */
function partOf(text: string, cut: number): string {
  const start = cut % Math.max(1, text.length);
  return text.slice(start, start + 1 + (cut % 5));
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
