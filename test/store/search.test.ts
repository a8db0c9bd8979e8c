import { expect, it } from "vitest";
import type { SearchHit, SearchQuery, StoreSearchQuery } from "../../src/index.js";
import { eachEngine } from "../support/each-engine.js";
import { Money, moneyClass } from "../support/money.js";
import { refusalOf } from "../support/refusal.js";

eachEngine("search", ({ name, open }) => {
  it("tells where a text is, and which event wrote it", async () => {
    const ctx = await open({ now: () => 5000 }).context("run", { initial: { plan: { steps: ["rest"] } } });
    await ctx.set("plan", { steps: ["read", { do: "write a budget" }] }, { actor: "planner" });
    await ctx.set("other", 1);

    const hits = await ctx.search("budget");

    expect(hits).toEqual([
      {
        context: "run",
        scope: "persistent",
        key: "plan",
        where: "value",
        path: ["plan", "steps", 1, "do"],
        value: "write a budget",
        version: 1,
        sequence: 2,
        at: 5000,
        actor: "planner",
        type: "value_set",
      },
    ]);
  });

  it("finds all that was ever written, oldest first, and what is there now", async () => {
    const ctx = await open().context("run", { initial: { secret: "sk-1" } });
    await ctx.set("secret", "sk-2");
    await ctx.setEphemeral("draft", ["sk-3"]);
    await ctx.set("secret", "none");
    await ctx.setEphemeral("draft", []);

    expect(await ctx.search("sk-")).toEqual([]);
    expect((await ctx.search("sk-", { in: "history" })).map(summary)).toEqual([
      "1 persistent secret = sk-1",
      "2 persistent secret = sk-2",
      "3 ephemeral draft,0 = sk-3",
    ]);
    expect((await ctx.search(/sk-[12]/y, { in: "history", limit: 1 })).map(summary)).toEqual([
      "1 persistent secret = sk-1",
    ]);
  });

  it.each<[SearchQuery, readonly string[]]>([
    [{}, ["2 persistent n = n", "2 persistent n,n = n", "2 persistent n,n = no", "3 ephemeral n = n"]],
    [{ values: false }, ["2 persistent n = n", "2 persistent n,n = n", "3 ephemeral n = n"]],
    [{ keys: false }, ["2 persistent n,n = no"]],
    [{ scope: "ephemeral" }, ["3 ephemeral n = n"]],
    [{ limit: 2 }, ["2 persistent n = n", "2 persistent n,n = n"]],
    [{ limit: 0 }, []],
    [{ since: new Date(2000) }, ["3 ephemeral n = n"]],
    [{ since: "#2" }, ["3 ephemeral n = n"]],
    [{ until: "#2" }, ["2 persistent n = n", "2 persistent n,n = n", "2 persistent n,n = no"]],
    [{ since: new Date(1999), until: new Date(2000), keys: false }, ["2 persistent n,n = no"]],
    [{ since: "@latest" }, []],
  ])("heeds %j, now and in history", async (query, expected) => {
    let now = 1000;
    const ctx = await open({ now: () => now }).context("run");
    now = 2000;
    await ctx.set("n", { n: "no" });
    now = 3000;
    await ctx.setEphemeral("n", 1);

    expect((await ctx.search("n", query)).map(summary)).toEqual(expected);
    expect((await ctx.search("n", { ...query, in: "history" })).map(summary)).toEqual(expected);
  });

  it("finds the text of whatever can be stored, as far as a path leads", async () => {
    const ctx = await open({ classes: [moneyClass] }).context("run");
    await ctx.update({
      numbers: [1.5, -0, NaN, 12n, true, null],
      inside: { due: new Date(0), gone: undefined, link: new URL("https://example.org/x"), match: /a+b/gi },
      map: new Map<unknown, unknown>([["north", { deep: ["south"] }]]),
      set: [new Set(["east"])],
      error: new TypeError("west", { cause: "wind" }),
      price: new Money(77),
      bytes: Buffer.from("plain"),
    });
    const placesOf = async (text: string) =>
      (await ctx.search(text)).map(({ path, value }) => `${path.join(".")} = ${value.split("\n")[0]!}`);

    expect(await placesOf("1.5")).toEqual(["numbers.0 = 1.5"]);
    expect(await placesOf("-0")).toContain("numbers.1 = -0");
    expect(await placesOf("NaN")).toEqual(["numbers.2 = NaN"]);
    expect(await placesOf("12")).toEqual(["numbers.3 = 12"]);
    expect(await placesOf("true")).toEqual(["numbers.4 = true"]);
    expect(await placesOf("1970-01")).toEqual(["inside.due = 1970-01-01T00:00:00.000Z"]);
    expect(await placesOf("undefined")).toEqual(["inside.gone = undefined"]);
    expect(await placesOf("example")).toEqual(["inside.link = https://example.org/x"]);
    expect(await placesOf("a+b")).toEqual(["inside.match = a+b"]);
    expect(await placesOf("north")).toEqual(["map = north"]);
    expect(await placesOf("south")).toEqual(["map = south"]);
    expect(await placesOf("deep")).toEqual(["map = deep"]);
    expect(await placesOf("east")).toEqual(["set.0 = east"]);
    expect(await placesOf("west")).toContain("error = west");
    expect(await placesOf("wind")).toEqual(["error = wind"]);
    expect(await placesOf("77")).toEqual(["price = 77"]);
    expect(await placesOf("plain")).toEqual([]);
  });

  it("finds names and texts that break things", async () => {
    const ctx = await open().context("run");
    const odd = { ["__proto__"]: 'a "quoted" \\ line\n', $type: "date", "half\ud83d": "smile \u{1f600}" };
    await ctx.set("__proto__", odd);
    const found = async (text: string, query: SearchQuery = {}) => [
      (await ctx.search(text, query)).length,
      (await ctx.search(text, { ...query, in: "history" })).length,
    ];

    expect(await found("__proto__")).toEqual([2, 2]);
    expect(await found('"quoted" \\ line\n')).toEqual([1, 1]);
    expect(await found("$type")).toEqual([1, 1]);
    expect(await found("\ud83d")).toEqual([2, 2]);
    expect(await found("\ude00")).toEqual([1, 1]);
    expect(await found("e \ud83d")).toEqual([1, 1]);
    expect(await found("half\ud83d", { values: false })).toEqual([1, 1]);
  });

  it("finds nothing of a value that was erased", async () => {
    const ctx = await open().context("run", { initial: { token: "sk-1" } });
    await ctx.set("token", "none");
    await ctx.redact("token", "leaked");

    expect(await ctx.search("sk-1", { in: "history" })).toEqual([]);
    expect(await ctx.search(/sk|erased/, { in: "history" })).toEqual([]);
    expect((await ctx.search("token", { in: "history" })).map(({ where }) => where)).toContain("key");
  });

  it("leaves a caller's expression as it was, whatever its flags", async () => {
    const ctx = await open().context("run", { initial: { a: "xx", b: "x" } });
    const expression = /x/gy;
    expression.lastIndex = 1;

    expect((await ctx.search(expression)).map(({ key }) => key)).toEqual(["a", "b"]);
    expect((await ctx.search(/X/i, { in: "history" })).map(({ key }) => key)).toEqual(["a", "b"]);
    expect(expression.lastIndex).toBe(1);
  });

  it("cuts what it tells of a long text to what lies around the match", async () => {
    const ctx = await open().context("run");
    await ctx.set("long", `${"\u{1f600}".repeat(2000)}needle${"b".repeat(2000)}`);
    await ctx.set("short", `${"a".repeat(990)}needle`);

    const [long, short] = await ctx.search("needle");

    expect(long?.value).toMatch(/^…(\u{1f600}){125}needleb{744}…$/u);
    expect(short?.value).toHaveLength(996);
  });

  it("finds more in one value than could be arguments of a call", async () => {
    const ctx = await open().context("run");
    await ctx.set(
      "many",
      Array.from({ length: 200_000 }, () => 7),
    );

    expect((await ctx.search("7")).length).toBe(200_000);
  });

  it.each<[string, unknown, unknown]>([
    ["an empty text", "", {}],
    ["a pattern that is none", 7, {}],
    ["a place that is none", "a", { in: "future" }],
    ["a scope that is none", "a", { scope: "snapshot" }],
    ["a search in nothing", "a", { keys: false, values: false }],
    ["a limit that is none", "a", { limit: -1 }],
    ["a query that is none", "a", null],
  ])("refuses %s", async (_, pattern, query) => {
    const ctx = await open().context("run");

    const refusal = await refusalOf(() => ctx.search(pattern as never, query as never));

    expect(refusal).toMatchObject({ code: "OPTION_INVALID" });
  });

  it("sees what a batch has written so far, where its engine answers at once", async () => {
    const store = open();
    const ctx = await store.context("run");
    let hits: unknown;

    await ctx.batch(() => {
      void ctx.set("a", "new");
      hits = ctx.search("new");
    });

    if (name === "memory (async)") await expect(hits).rejects.toMatchObject({ code: "BATCH_UNSUPPORTED" });
    else expect(hits).toMatchObject([{ key: "a", version: 1, type: "value_set" }]);
  });
});

eachEngine("a search over a store", ({ open }) => {
  it("finds what is in any context, in order of their ids", async () => {
    const store = open();
    for (const id of ["b", "a", "c"]) {
      const ctx = await store.context(id, { initial: { text: `old ${id}` } });
      await ctx.set("text", id === "c" ? "other" : `new ${id}`);
      await ctx.setEphemeral("scratch", "new");
    }
    const idsOf = async (text: string, query = {}) =>
      (await store.search(text, query)).map(({ context, key, sequence }) => `${context} ${key} ${sequence}`);

    expect(await idsOf("new")).toEqual(["a text 2", "a scratch 3", "b text 2", "b scratch 3", "c scratch 3"]);
    expect(await idsOf("old")).toEqual([]);
    expect(await idsOf("old", { in: "history" })).toEqual(["a text 1", "b text 1", "c text 1"]);
    expect(await idsOf("new", { limit: 3 })).toEqual(["a text 2", "a scratch 3", "b text 2"]);
    expect(await idsOf("new", { id: "[bc]" })).toEqual(["b text 2", "b scratch 3", "c scratch 3"]);
  });

  it("goes by time only, since versions are those of one context", async () => {
    let now = 1000;
    const store = open({ now: () => now });
    const old = await store.context("old", { initial: { n: "here" } });
    now = 2000;
    await store.context("new", { initial: { n: "here" } });
    now = 3000;
    await old.set("m", "here");
    const found = async (query: StoreSearchQuery) =>
      (await store.search("here", { in: "history", ...query })).map(
        ({ context, key }) => `${context} ${key}`,
      );

    expect(await found({ since: new Date(1000) })).toEqual(["new n", "old m"]);
    expect(await found({ until: new Date(2000) })).toEqual(["new n", "old n"]);
    expect(await found({ since: new Date(1000), until: new Date(2000), in: "now" })).toEqual(["new n"]);
    expect(await refusalOf(() => store.search("here", { since: 3 as never }))).toMatchObject({
      code: "OPTION_INVALID",
    });
  });

  it("finds what a fork shares with its parent once, and in the fork's own history, too", async () => {
    const store = open();
    const parent = await store.context("parent", { initial: { a: "here" } });
    await parent.set("b", "here");
    const fork = await parent.fork("fork", { at: 0 });
    await fork.set("c", "here");
    const places = (hits: readonly SearchHit[]) =>
      hits.map(({ context, key, sequence }) => `${context} ${key} ${sequence}`);

    expect(places(await fork.search("here"))).toEqual(["fork a 1", "fork c 3"]);
    expect(places(await fork.search("here", { in: "history" }))).toEqual(["parent a 1", "fork c 3"]);
    expect(places(await store.search("here", { in: "history" }))).toEqual([
      "fork c 3",
      "parent a 1",
      "parent b 2",
    ]);
    expect(places(await store.search("here"))).toEqual(["fork a 1", "fork c 3", "parent a 1", "parent b 2"]);
  });

  it("goes through more contexts than are listed at once", async () => {
    const store = open();
    for (let n = 0; n < 205; n++) await store.context(`run-${n}`, { initial: { n: "here" } });

    expect(new Set((await store.search("here")).map(({ context }) => context)).size).toBe(205);
  });
});

function summary({ sequence, scope, path, value }: SearchHit): string {
  return `${sequence} ${scope} ${path.join(",")} = ${value}`;
}
