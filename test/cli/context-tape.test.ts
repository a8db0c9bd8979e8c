import { describe, expect, it } from "vitest";
import { ContextTape } from "../../src/cli/context-tape.js";
import { type Context, ErasedValue, openMemoryStore } from "../../src/index.js";

describe("a tape of a context", () => {
  it("tells what was before and after, in both scopes", () => {
    using store = openMemoryStore({ protect: [] });
    const context = store.context("run-42", { initial: { a: 1 } });
    context.setEphemeral("a", 10);
    context.protect("a");
    context.unprotect("a");
    context.set("a", 2);
    context.setEphemeral("a", 20);
    context.delete("a");
    context.set("a", 3);

    // Ephemeral values went with their key.
    const erased: unknown = expect.any(ErasedValue);
    expect(changesOf(context).filter((changes) => changes.length > 0)).toEqual([
      [{ key: "a", scope: "persistent", after: 1 }],
      [{ key: "a", scope: "ephemeral", after: erased }],
      [{ key: "a", scope: "persistent", before: 1, after: 2 }],
      [{ key: "a", scope: "ephemeral", before: erased, after: erased }],
      [
        { key: "a", scope: "persistent", before: 2 },
        { key: "a", scope: "ephemeral", before: erased },
      ],
      [{ key: "a", scope: "persistent", after: 3 }],
    ]);
  });

  it("tells the same of many keys at once", () => {
    using store = openMemoryStore();
    const context = store.context("run-42");
    const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
    context.update(Object.fromEntries(keys.slice(0, 30).map((key) => [key, 1])));
    context.update(Object.fromEntries(keys.map((key) => [key, 2])));

    const changes = changesOf(context).at(-1)!;

    expect(changes[0]).toEqual({ key: "key-0", scope: "persistent", before: 1, after: 2 });
    expect(changes[39]).toEqual({ key: "key-39", scope: "persistent", after: 2 });
  });

  it("finds what was before, however much happened to the key in the other scope", () => {
    using store = openMemoryStore();
    const context = store.context("run-42");
    context.setEphemeral("a", "long ago");
    context.batch(() => {
      for (let n = 0; n < 700; n += 1) context.set("a", n);
    });
    context.setEphemeral("a", "now");

    expect(changesOf(context).at(-1)).toEqual([
      { key: "a", scope: "ephemeral", before: "long ago", after: "now" },
    ]);
  });

  it("ends where it was told to, or with what is written meanwhile", () => {
    using store = openMemoryStore();
    const context = store.context("run-42");
    const [open, closed] = [
      new ContextTape(context, { first: 1, last: undefined }),
      new ContextTape(context, { first: 1, last: 1 }),
    ];

    context.set("a", 1);

    expect([open.last, closed.last]).toEqual([2, 1]);
    expect([open.event(2)?.type, open.event(3)]).toEqual(["value_set", undefined]);
  });
});

function changesOf(context: Context) {
  const tape = new ContextTape(context, { first: 1, last: undefined });
  return context.history().map((event) => tape.changes(event));
}
