import { expect, it } from "vitest";
import type { Why } from "../../src/index.js";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

/** A chain of causes as text. */
function told(chain: readonly Why[]): string[] {
  return chain.map(({ event, cause }) => `${event.context}#${event.sequence} ${cause}`);
}

eachEngine("why", ({ open }) => {
  it("follows causes across contexts, by their present ids, to one that is text", async () => {
    const store = open();
    const parent = await store.context("parent");
    const child = await store.context("child");
    await parent.set("goal", "ship", { cause: "the user asked" });
    await child.set("task", "write", { cause: "parent#2" });
    await child.set("note", 1, { cause: "#2" });
    await child.set("note", 2, { cause: '"child"#3', actor: "writer" });

    const chain = await child.why("note");

    expect(told(chain)).toEqual(["child#4 event", "child#3 event", "child#2 event", "parent#2 text"]);
    expect(chain.map(({ event }) => event.cause)).toEqual(['"child"#3', "#2", "parent#2", "the user asked"]);
    expect(chain[0]?.event.actor).toBe("writer");
    await parent.rename("renamed");
    expect(told(await child.why("note")).at(-1)).toBe("child#2 missing");
  });

  it("begins at the last change up to a point, deletions and ephemeral values included", async () => {
    const ctx = await open().context("run");
    await ctx.set("a", 1, { cause: "first" });
    await ctx.delete("a", { cause: "#2" });
    await ctx.setEphemeral("a", 1);

    expect(told(await ctx.why("a"))).toEqual(["run#4 none"]);
    expect(told(await ctx.why("a", { at: 2 }))).toEqual(["run#4 none"]);
    expect(told(await ctx.why("a", { at: "#3" }))).toEqual(["run#3 event", "run#2 text"]);
  });

  it.each([
    ["a context that is not there", "gone#1", "missing"],
    ["an event that is not there", "run#17", "missing"],
    ["itself", "run#2", "cycle"],
    ["a number in a sentence", "fix of ticket #12", "text"],
    ["a version, which is no event", "run@1", "text"],
    ["nothing that can be read", '"#', "text"],
  ])("ends at %s", async (_, cause, kind) => {
    const ctx = await open().context("run");
    await ctx.set("a", 1, { cause });

    expect(told(await ctx.why("a"))).toEqual([`run#2 ${kind}`]);
  });

  it("ends where causes go round in a circle", async () => {
    const ctx = await open().context("run");
    await ctx.set("a", 1, { cause: "run#3" });
    await ctx.set("b", 1, { cause: "run#2" });

    expect(told(await ctx.why("b"))).toEqual(["run#3 event", "run#2 cycle"]);
  });

  it("says that there is no such key", async () => {
    const ctx = await open().context("run");

    expect((await refusalOf(() => ctx.why("none"))).code).toBe("PATH_NOT_FOUND");
  });
});
