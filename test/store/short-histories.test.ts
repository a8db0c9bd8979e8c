import { join } from "node:path";
import { expect, it } from "vitest";
import { openCounted } from "../support/counted-store.js";
import { eachEngine } from "../support/each-engine.js";
import { openSqlite, temporaryFolder } from "../support/sqlite-files.js";

eachEngine("a history of one key", ({ open }) => {
  it("holds what was done to it in every scope of the caller's, page by page, in either order", async () => {
    const ctx = await open().context("run", { initial: { plan: 0 }, metadata: { plan: 1 } });
    for (let n = 1; n < 6; n += 1) {
      await ctx.set("plan", n);
      await ctx.setEphemeral("plan", n);
      await ctx.set("other", n);
      await ctx.protect("plan");
      await ctx.unprotect("plan");
    }
    await ctx.setMetadata({ plan: 2 });
    const scopes = ["persistent", "ephemeral", "protection"];
    const all = (await ctx.history())
      .filter(({ effects }) => effects.some(({ scope, key }) => key === "plan" && scopes.includes(scope)))
      .map(({ sequence }) => sequence);

    for (const order of ["oldest", "newest"] as const) {
      const expected = order === "oldest" ? all : [...all].reverse();
      for (const limit of [1, 2, 7, 100]) {
        const page = await ctx.history({ key: "plan", order, limit });
        expect(page.map(({ sequence }) => sequence)).toEqual(expected.slice(0, limit));
        const next = await ctx.history({ key: "plan", order, limit, after: page.at(-1)!.sequence });
        expect(next.map(({ sequence }) => sequence)).toEqual(expected.slice(limit, 2 * limit));
      }
    }
    const typed = await ctx.history({ key: "plan", type: "key_protected", order: "newest", limit: 2 });
    expect(typed.map(({ type }) => type)).toEqual(["key_protected", "key_protected"]);
  });
});

it("a short question of a long history has the engine hand over only what it asks for", () => {
  const { store, eventsRead } = openCounted(openSqlite(join(temporaryFolder(), "store.db")));
  const ctx = store.context("run", { initial: { plan: 1 } });
  for (let n = 0; n < 700; n += 1) ctx.set("n", n);
  ctx.protect("plan");
  eventsRead();

  expect([ctx.history({ key: "plan", order: "newest", limit: 1 }).length, eventsRead()]).toEqual([1, 1]);
  expect([ctx.history({ key: "plan" }).length, eventsRead()]).toEqual([2, 2]);
  expect([ctx.history({ key: "nope" }).length, eventsRead()]).toEqual([0, 0]);
  expect([ctx.history({ type: "key_protected" }).length, eventsRead()]).toEqual([1, 1]);
});

it("the change log decodes only events that it tells of", () => {
  class Point {
    readonly x: number;
    constructor(x: number) {
      this.x = x;
    }
  }
  let decoded = 0;
  const decode = (x: unknown) => ((decoded += 1), new Point(x as number));
  const classes = [
    { name: "Point", is: (value: unknown) => value instanceof Point, encode: ({ x }: Point) => x, decode },
  ];
  const engine = openSqlite(join(temporaryFolder(), "store.db"));
  const { store } = openCounted(engine, { classes });
  const ctx = store.context("run", { initial: { a: 1 } });
  for (let n = 0; n < 20; n += 1) ctx.snapshot("s", { metadata: { at: new Point(n) } });
  decoded = 0;

  expect([ctx.changes().map(({ operation }) => operation), decoded]).toEqual([["initialize"], 0]);
});
