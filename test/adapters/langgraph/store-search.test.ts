import {
  type GetOperation,
  type IndexConfig,
  InMemoryStore,
  type ListNamespacesOperation,
  type Operation,
  type PutOperation,
  type SearchOperation,
} from "@langchain/langgraph-checkpoint";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ada, counted, inMemory, letters, onSqlite } from "../../support/graph-memory.js";

describe("many items and namespaces in a file", () => {
  it("are found in the order in which they were made, page by page", async () => {
    const { store, memory, reopen } = onSqlite();
    const numbers = Array.from({ length: 250 }, (_, n) => (n * 7919) % 1000);
    store.context("memory:many/empty");
    await memory.batch(numbers.map((n) => ({ namespace: ["one"], key: `k${n}`, value: { n } })));
    await memory.batch(numbers.map((n) => ({ namespace: ["many", `user ${n}`], key: "k", value: { n } })));
    await memory.batch(numbers.map((n) => ({ namespace: ["many", `user ${n}`], key: "a", value: { n } })));

    const again = reopen();
    const found = async (prefix: string[], limit: number, offset: number, filter = {}) =>
      (await again.search(prefix, { limit, offset, filter })).map(({ value }) => Number(value.n));

    const twice = numbers.flatMap((n) => [n, n]);
    expect(await found(["one"], Infinity, 0)).toEqual(numbers);
    expect(await found(["many"], Infinity, 0)).toEqual(twice);
    expect(await found([], 300, 240)).toEqual([...numbers, ...twice].slice(240, 540));
    expect(await found(["many"], 3, 190, { n: { $gte: 300 } })).toEqual(
      twice.filter((n) => n >= 300).slice(190, 193),
    );
    expect(await found(["many", "user 919"], 10, 0)).toEqual([919, 919]);
  });
});

describe("where LangGraph's store in memory goes wrong, this one", () => {
  it("keeps items apart in one batch whose namespace and key make the same text", async () => {
    const { memory } = inMemory();
    await memory.batch([
      { namespace: ["a"], key: "b:c", value: { n: 1 } },
      { namespace: ["a", "b"], key: "c", value: { n: 2 } },
    ]);

    expect((await memory.search([])).map(({ value }) => value)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it("reads in a batch what was there before it, by get as by search", async () => {
    const { memory } = inMemory();
    await memory.put(ada, "k", { n: 1 });
    const [got, found] = await memory.batch<[GetOperation, SearchOperation, PutOperation]>([
      { namespace: ada, key: "k" },
      { namespacePrefix: ada },
      { namespace: ada, key: "k", value: { n: 2 } },
    ]);

    expect([got?.value, found[0]?.value]).toEqual([{ n: 1 }, { n: 1 }]);
  });

  it("lists no namespace without items, and makes none by a deletion", async () => {
    const { memory, store } = inMemory();
    await memory.put(ada, "k", {});
    await memory.delete(ada, "k");
    await memory.delete(["never"], "k");

    expect(await memory.listNamespaces()).toEqual([]);
    expect(store.contexts().map(({ id }) => id)).toEqual([memory.contextId(ada)]);
  });

  it("compares dates, lists and objects in a filter by what they hold", async () => {
    const { memory } = inMemory();
    await memory.put(ada, "k", { due: new Date(5), tags: ["a"], place: { y: 2, x: 1 } });
    const found = async (filter: Record<string, unknown>) => (await memory.search(ada, { filter })).length;

    expect(await found({ due: new Date(5), tags: ["a"], place: { x: 1, y: 2 } })).toBe(1);
    expect(await found({ due: { $eq: new Date(5) } })).toBe(1);
    expect(await found({ due: new Date(6) })).toBe(0);
    expect(await found({ place: {} })).toBe(0);
    expect(await found({ tags: { $ne: ["a"] } })).toBe(0);
  });

  it("finds nothing in what every object inherits", async () => {
    const { memory } = inMemory();
    await memory.put(ada, "k", {});

    expect(await memory.search(ada, { filter: { constructor: Object } })).toEqual([]);
  });

  it("answers a listing that names no conditions, in its place", async () => {
    const { memory } = inMemory();
    await memory.put(ada, "k", { n: 1 });
    const [listed, got] = await memory.batch<[ListNamespacesOperation, GetOperation]>([
      { limit: 5, offset: 0 },
      { namespace: ada, key: "k" },
    ]);

    expect([listed, got?.value]).toEqual([[ada], { n: 1 }]);
  });
});

const embeddings = {
  embedDocuments: async (texts: string[]) => texts.map(letters),
  embedQuery: async (text: string) => letters(text),
};

describe.each([
  ["SQLite", onSqlite, 5],
  ["memory", inMemory, 25],
])("search by meaning on %s", (_name, open, numRuns) => {
  it("ranks and scores as LangGraph's store in memory does", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "e", "n", "s", " "), maxLength: 6 });
    const item = fc.record({
      namespace: fc.constantFrom<string[]>(["a"], ["a", "b"], ["c"]),
      key: fc.constantFrom("1", "2", "3", "4", "5"),
      value: fc.record({ text, kind: fc.nat(1), more: fc.array(fc.record({ text }), { maxLength: 2 }) }),
      index: fc.constantFrom(
        undefined,
        false as const,
        ["kind"],
        ["{kind,text}", "more[-1].text"],
        ["*"],
        ["$"],
      ),
    });
    const search = fc.record({
      namespacePrefix: fc.constantFrom<string[]>([], ["a"]),
      query: text,
      filter: fc.constantFrom(undefined, { kind: 1 }),
      limit: fc.nat(8),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(item, { selector: ({ namespace, key }) => `${namespace.join()}:${key}` }),
        search,
        async (items, asked) => {
          const index = { dims: 4, embeddings, fields: ["text", "more[*].text"] };
          // What it asks of a model is what these functions do.
          const model = new InMemoryStore({ index: index as unknown as IndexConfig });
          const { memory, reopen } = open({}, { index });
          for (const one of items) {
            await model.batch([one as Operation]);
            await memory.batch([one as Operation]);
          }

          const expected = await model.batch([asked as Operation]);
          const found = await reopen().batch([asked as Operation]);

          expect(plain(found)).toEqual(plain(expected));
        },
      ),
      { numRuns },
    );
  });

  function plain(results: readonly unknown[]): unknown {
    const [found] = results as [{ namespace: string[]; key: string; value: unknown; score?: number }[]];
    return found.map(({ namespace, key, value, score }) => ({ namespace, key, value, score }));
  }

  it("embeds each text of an item once, when it is put", async () => {
    const { index, asked } = counted();
    const { memory, reopen } = open({}, { index });
    await memory.batch([
      { namespace: ada, key: "a", value: { text: "one", more: [{ text: "two" }, { text: "one" }] } },
      { namespace: ada, key: "b", value: { text: "two" } },
      { namespace: ada, key: "c", value: { text: "__proto__" } },
      { namespace: ada, key: "d", value: { text: "hidden" }, index: false },
    ]);
    await memory.search(ada, { query: "q" });
    await reopen().search(ada, { query: "q" });

    expect(asked).toEqual(["one", "two", "__proto__", "q", "q"]);
  });

  it("forgets the vectors of what an item says no more", async () => {
    const { memory } = open({}, { index: counted().index });
    await memory.put(ada, "k", { text: "aaa", more: [{ text: "sss" }] });
    await memory.put(ada, "k", { text: "aaa" });
    const [changed] = await memory.search(ada, { query: "sss" });
    await memory.put(ada, "k", { text: "aaa" }, false);
    const [hidden] = await memory.search(ada, { query: "sss" });

    expect(changed?.score).toBeLessThan(0.9);
    expect(hidden).not.toHaveProperty("score");
  });

  it("pages through all items once: those without vectors come last", async () => {
    const { memory } = open({}, { index: counted().index });
    await memory.batch(
      ["a", "b", "c", "d", "e"].map((key, n) => ({
        ...{ namespace: ada, key, value: { text: "an" } },
        ...(n % 2 === 0 ? { index: false as const } : {}),
      })),
    );
    const pages = await Promise.all(
      [0, 2, 4].map((offset) => memory.search(ada, { query: "an", limit: 2, offset })),
    );

    expect(pages.flat().map(({ key }) => key)).toEqual(["b", "d", "a", "c", "e"]);
  });

  it("refuses a query where nobody said how texts are embedded", async () => {
    const { memory } = open();

    await expect(memory.search(ada, { query: "what does Ada eat" })).rejects.toMatchObject({
      code: "OPTION_INVALID",
      details: { option: "query" },
    });
    expect(await memory.search(ada, { query: "" })).toEqual([]);
  });

  it("refuses vectors of another length, and writes nothing then", async () => {
    const { memory, store } = open({}, { index: { dims: 3, embed: async (texts) => texts.map(letters) } });

    await expect(memory.put(ada, "k", { text: "a" })).rejects.toMatchObject({ code: "OPTION_INVALID" });

    expect(store.contexts()).toEqual([]);
  });

  it("writes in the order of the calls, however long each waits for its vectors", async () => {
    const waiting: (() => void)[] = [];
    const embed = async (texts: readonly string[]) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return texts.map(letters);
    };
    const { memory } = open({}, { index: { dims: 4, embed } });
    const first = memory.put(ada, "k", { text: "first" });
    const second = memory.put(ada, "k", { text: "second" });
    const third = memory.put(ada, "other", { text: "third" }, false);
    waiting[1]?.();
    waiting[0]?.();
    await Promise.all([first, second, third]);

    expect((await memory.get(ada, "k"))?.value).toEqual({ text: "second" });
    expect((await memory.search(ada)).map(({ key }) => key)).toEqual(["k", "other"]);
  });
});
