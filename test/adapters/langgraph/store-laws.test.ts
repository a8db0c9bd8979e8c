import { join } from "node:path";
import { InMemoryStore, type Item, type Operation } from "@langchain/langgraph-checkpoint";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DurableContextStore } from "../../../src/adapters/langgraph/index.js";
import { openMemoryStore, openStore, type Store } from "../../../src/index.js";
import { temporaryFolder } from "../../support/sqlite-files.js";

const labels = [
  ...["a", "b", "users", "a/b", "a%002fb", "%", "*", "0", "10", "9", "é", "Z", "z", "日本", "🦊", "a b"],
  ...[
    "__proto__",
    "constructor",
    "item",
    "'; DROP TABLE contexts; --",
    "\ud800",
    "\u{10ffff}",
    "\n",
    "[a-z]",
  ],
];
const itemKeys = [...labels, "", "x:y", "x.y", "\0", "vectors/a", "session_id"];
const names = ["kind", "n", "a.b", "$.n", "__proto__", "kind' OR 1=1 --", "length", "$lc"];

const primitive = fc.oneof(
  fc.constantFrom(
    0,
    1,
    2,
    3,
    -0,
    1.5,
    NaN,
    Infinity,
    "1",
    "",
    "a",
    "active",
    true,
    false,
    null,
    1n,
    2n ** 70n,
  ),
  fc.string({ unit: "binary", maxLength: 3 }),
);
const leaf = fc.oneof(
  primitive,
  fc.constant(undefined),
  fc.constantFrom(2, 1000).map((time) => new Date(time)),
  fc.uint8Array({ maxLength: 3 }),
  fc.array(primitive, { maxLength: 2 }).map((members) => new Set(members)),
  fc.array(fc.tuple(primitive, primitive), { maxLength: 2 }).map((entries) => new Map(entries)),
  fc.string({ minLength: 0, maxLength: 2 }).map((text) => text.repeat(4000)),
);
const part = fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), recordOf(leaf));
const value = recordOf(part);

/** An object of some names, `__proto__` as its own. */
function recordOf<T>(content: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  const entry = fc.tuple(fc.constantFrom(...names), content);
  return fc.array(entry, { maxLength: 4 }).map((entries) => Object.fromEntries(entries) as Record<string, T>);
}

const operator = fc.constantFrom("$eq", "$ne", "$gt", "$gte", "$lt", "$lte");
const claim = fc.oneof(
  primitive,
  fc
    .array(fc.tuple(operator, primitive), { minLength: 1, maxLength: 2 })
    .map((all) => Object.fromEntries(all)),
  fc.array(primitive, { maxLength: 3 }).map((all) => ({ $in: all })),
  fc.array(primitive, { maxLength: 3 }).map((all) => ({ $nin: all })),
);
const filter = fc
  .array(fc.tuple(fc.constantFrom(...names), claim), { maxLength: 2 })
  .map((entries): Record<string, unknown> => Object.fromEntries(entries));
const count = fc.option(fc.nat(6), { nil: undefined });

/** Few labels and keys in one run, so that its operations meet. */
const steps = fc
  .tuple(
    fc.shuffledSubarray(labels, { minLength: 2, maxLength: 3 }),
    fc.shuffledSubarray(itemKeys, { minLength: 2, maxLength: 3 }),
  )
  .chain(([some, keys]) => stepsOf(fc.constantFrom(...some), fc.constantFrom(...keys)));

function stepsOf(
  label: fc.Arbitrary<string>,
  key: fc.Arbitrary<string>,
): fc.Arbitrary<(Operation[] | "reopen")[]> {
  const namespace = fc.array(label, { minLength: 1, maxLength: 2 });
  const condition = fc.record({
    matchType: fc.constantFrom("prefix" as const, "suffix" as const),
    path: fc.array(fc.oneof(label, fc.constant("*")), { maxLength: 2 }),
  });
  const put = fc.record({ namespace, key, value });
  const remove = fc.record({ namespace, key, value: fc.constant(null) });
  const get = fc.record({ namespace, key });
  const search = fc.record({
    namespacePrefix: fc.oneof(fc.constant<string[]>([]), namespace),
    filter: fc.option(filter, { nil: undefined }),
    limit: fc.oneof(count, fc.constant(1000)),
    offset: count,
  });
  const list = fc.record({
    matchConditions: fc.option(fc.array(condition, { maxLength: 2 }), { nil: undefined }),
    maxDepth: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    limit: fc.oneof(fc.nat(6), fc.constant(1000)),
    offset: fc.nat(3),
  });
  const operation = fc.oneof(
    { weight: 6, arbitrary: put },
    { weight: 2, arbitrary: remove },
    { weight: 2, arbitrary: get },
    { weight: 3, arbitrary: search },
    { weight: 2, arbitrary: list },
    // LangGraph itself passes undefined where its types say that a member is absent.
  ) as fc.Arbitrary<Operation>;
  const batch = fc.array(operation, { minLength: 1, maxLength: 6 });
  const step = fc.oneof(
    { weight: 6, arbitrary: batch },
    { weight: 1, arbitrary: fc.constant("reopen" as const) },
  );
  return fc.array(step, { minLength: 4, maxLength: 12, size: "max" });
}

interface Opened {
  store: Store;
  readonly reopen: () => void;
}

const engines: [string, number, () => Opened][] = [
  ["SQLite", 10, openFile],
  ["memory", 40, () => ({ store: openMemoryStore(), reopen: () => undefined })],
];

function openFile(): Opened {
  const path = join(temporaryFolder(), "store.db");
  const opened: Opened = {
    store: openStore(path, { durability: "normal" }),
    reopen: () => {
      opened.store.close();
      opened.store = openStore(path, { durability: "normal" });
    },
  };
  return opened;
}

describe.each(engines)("the store for LangGraph on %s", (_name, numRuns, open) => {
  it("answers whatever it is asked as LangGraph's store in memory does", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        let time = 0;
        const now = () => time;
        const model = new Model(now);
        const opened = open();
        let tested = new DurableContextStore(opened.store, { now });
        for (const step of taken) {
          time += 1;
          if (step === "reopen") {
            opened.reopen();
            tested = new DurableContextStore(opened.store, { now });
            continue;
          }
          const expected = await model.batch(step);
          expect(plain(await tested.batch(step))).toStrictEqual(plain(expected));
        }
        const all = [{ namespacePrefix: [], limit: Infinity }];
        expect(plain(await tested.batch(all))).toStrictEqual(plain(await model.batch(all)));
        expect(opened.store.verify().faults).toEqual([]);
        opened.store.close();
      }),
      { numRuns },
    );
  });
});

it("filters as LangGraph's store in memory does, whatever is compared", async () => {
  const scalar = fc.oneof(fc.constantFrom(0, 1, 2, "1", 1n, null, true, new Date(1)), primitive);
  const asked = fc.oneof(scalar, fc.dictionary(operator, scalar, { minKeys: 1, maxKeys: 2 }));
  await fc.assert(
    fc.asyncProperty(scalar, asked, async (held, wanted) => {
      fc.pre(!(wanted instanceof Date));
      const [model, tested] = [new InMemoryStore(), new DurableContextStore(openMemoryStore())];
      for (const store of [model, tested]) await store.put(["a"], "k", { n: held });
      const filter = { n: wanted };

      expect((await tested.search([], { filter })).length).toBe((await model.search([], { filter })).length);
    }),
    { numRuns: 200 },
  );
});

const nothing: Operation = { namespace: ["nobody looks here"], key: "" };

/**
 * LangGraph's store in memory, but that a deletion makes no namespace, that one without items is not listed, and
 * that a batch shows nothing of what it writes itself.
 */
class Model {
  readonly #store = new InMemoryStore();
  readonly #now: () => number;
  readonly #times = new Map<string, { createdAt: Date; updatedAt: Date }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  async batch(operations: readonly Operation[]): Promise<readonly unknown[]> {
    const before = await this.#store.search([], { limit: Infinity });
    const listings = await Promise.all(operations.map((one) => listing(one, before)));
    // Its answers to reads are looked at before it writes, since they change then.
    const reads = await this.#store.batch(operations.map((one) => ("value" in one ? nothing : one)));
    const answers = operations.map((one, i) =>
      "value" in one ? null : (listings[i] ?? this.#copyOf(reads[i])),
    );
    const writes = operations.filter((one) => "value" in one);
    await this.#store.batch(this.#makingNothing(writes, before));
    this.#note(operations);
    return answers;
  }

  /** What an item that is not there only goes through to be deleted is left out. */
  #makingNothing(operations: readonly Operation[], before: readonly Item[]): Operation[] {
    const present = new Set(before.map(placeOf));
    const last = lastWrites(operations);
    return operations.filter(
      (one) => !("value" in one) || present.has(placeOf(one)) || last.get(placeOf(one)) !== null,
    );
  }

  /** Its items are its own, change later, and have the machine's times. */
  #copyOf(result: unknown): unknown {
    if (Array.isArray(result)) return result.map((one) => this.#copyOf(one));
    const item = structuredClone(result) as Item | null;
    return item === null ? null : { ...item, ...this.#times.get(placeOf(item)) };
  }

  #note(operations: readonly Operation[]): void {
    const updatedAt = new Date(this.#now());
    for (const [place, content] of lastWrites(operations)) {
      if (content === null) this.#times.delete(place);
      else this.#times.set(place, { createdAt: this.#times.get(place)?.createdAt ?? updatedAt, updatedAt });
    }
  }
}

function lastWrites(operations: readonly Operation[]): ReadonlyMap<string, object | null> {
  return new Map(operations.flatMap((one) => ("value" in one ? [[placeOf(one), one.value] as const] : [])));
}

async function listing(one: Operation, items: readonly Item[]): Promise<unknown> {
  if ("namespace" in one || "namespacePrefix" in one) return undefined;
  const present = new InMemoryStore();
  for (const item of items) await present.batch([{ ...item, value: {} }]);
  return (await present.batch([one]))[0];
}

function placeOf({ namespace: labels, key: name }: { namespace: string[]; key: string }): string {
  return JSON.stringify([labels, name]);
}

/** What is compared: an item without a score says so, or does not. */
function plain(results: readonly unknown[]): unknown {
  return results.map((result) => {
    if (!Array.isArray(result)) return result ?? null;
    // A listing has lists of labels in it, a search items.
    return result.map((one: unknown) => {
      if (Array.isArray(one)) return one as unknown;
      const { score, ...item } = one as Item & { score?: number };
      return score === undefined ? item : { ...item, score };
    });
  });
}
