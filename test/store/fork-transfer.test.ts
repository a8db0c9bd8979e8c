import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { AnyStore } from "../support/each-engine.js";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

eachEngine("a fork in a file", ({ open }) => {
  async function family(): Promise<AnyStore> {
    const store = open();
    const root = await store.context("z-root", { initial: { a: 1 } });
    await root.set("a", new Date(0));
    const middle = await root.fork("middle", { metadata: { team: "red" } });
    await middle.set("b", 2);
    await middle.fork("a-leaf");
    await root.set("a", 3);
    return store;
  }

  it("follows its parent and does not repeat what they share", async () => {
    const store = await family();
    const file = join(temporaryFolder(), "all.jsonl");

    expect(await store.save(file)).toEqual({ contexts: 3, events: 6 });
    const copies = open();
    expect(await copies.load(file)).toEqual(["z-root", "middle", "a-leaf"]);

    const leaf = await copies.context("a-leaf");
    expect({ ...leaf.persistent }).toEqual({ a: new Date(0), b: 2 });
    expect((await leaf.at(0)).data).toEqual({ a: 1 });
    expect((await leaf.lineage()).line.map(({ id }) => id)).toEqual(["z-root", "middle", "a-leaf"]);
    expect((await leaf.history()).map(({ hash }) => hash)).toEqual(
      (await (await store.context("a-leaf")).history()).map(({ hash }) => hash),
    );
    const second = join(temporaryFolder(), "again.jsonl");
    await copies.save(second);
    expect(readFileSync(second, "utf8")).toBe(readFileSync(file, "utf8"));
    expect(Object.values((await copies.rebuild()).differences).every((count) => count === 0)).toBe(true);
  });

  it("brings its whole line where its parent is not in the file", async () => {
    const store = await family();
    const file = join(temporaryFolder(), "leaf.jsonl");

    await store.save(file, "a-leaf");
    const copies = open();
    await copies.load(file);

    const [leaf, original] = [await copies.context("a-leaf"), await store.context("a-leaf")];
    expect((await leaf.history()).map(({ hash }) => hash)).toEqual(
      (await original.history()).map(({ hash }) => hash),
    );
    expect((await leaf.at(0)).data).toEqual({ a: 1 });
    expect((await leaf.lineage()).line.map(({ id }) => id)).toEqual(["a-leaf"]);
    expect(leaf.metadata).toEqual({ team: "red" });
    expect(Object.values((await copies.rebuild()).differences).every((count) => count === 0)).toBe(true);
  });

  it("follows the nearest ancestor that is in the file, where its parent is not, so that an erasure reaches it", async () => {
    const store = await family();
    await store.delete("middle", { forks: "keep" });
    const file = join(temporaryFolder(), "all.jsonl");

    expect(await store.save(file)).toEqual({ contexts: 2, events: 6 });
    const copies = open();
    await copies.load(file);

    const [leaf, root] = [await copies.context("a-leaf"), await copies.context("z-root")];
    expect((await leaf.history()).map(({ hash }) => hash)).toEqual(
      (await (await store.context("a-leaf")).history()).map(({ hash }) => hash),
    );
    expect((await leaf.lineage()).line.map(({ id }) => id)).toEqual(["z-root", "a-leaf"]);
    expect((await refusalOf(() => leaf.redact("a", "why"))).code).toBe("REDACTION_INHERITED");
    expect((await root.redact("a", "why")).contexts).toEqual(["z-root", "a-leaf"]);
    expect(leaf.has("a")).toBe(false);
    expect((await copies.verify()).faults).toEqual([]);
    expect(Object.values((await copies.rebuild()).differences).every((count) => count === 0)).toBe(true);
  });

  it("answers neither to its parent's idempotency keys nor for its phases, wherever it is loaded", async () => {
    const store = open();
    const root = await store.context("root");
    await root.set("a", 1, { idempotencyKey: "k" });
    await root.phase("work", () => undefined);
    const fork = await root.fork("fork");
    await fork.set("a", 2, { idempotencyKey: "k" });
    const file = join(temporaryFolder(), "fork.jsonl");
    await store.save(file, "fork");
    const copies = open();

    await copies.load(file);

    const loaded = await copies.context("fork");
    expect(await loaded.phases()).toEqual(await fork.phases());
    await loaded.set("a", 2, { idempotencyKey: "k" });
    expect(loaded.sequence).toBe(fork.sequence);
    expect((await copies.verify()).faults).toEqual([]);
    expect(Object.values((await copies.rebuild()).differences).every((count) => count === 0)).toBe(true);
  });

  it.each([
    ["its parent does not come first", /"parent":"z-root"/, '"parent":"nobody"'],
    ["its parent has no such event", /"parent":"z-root","sequence":2/, '"parent":"z-root","sequence":9'],
    [
      "it starts elsewhere than its events say",
      /"parent":"z-root","sequence":2/,
      '"parent":"z-root","sequence":1',
    ],
  ])("is refused where %s", async (_, found, forged) => {
    const store = await family();
    const file = join(temporaryFolder(), "all.jsonl");
    await store.save(file);
    writeFileSync(file, readFileSync(file, "utf8").replace(found, forged));
    const copies = open();

    expect((await refusalOf(() => copies.load(file))).code).toBe("EXPORT_INVALID");
    expect(await copies.contexts()).toEqual([]);
  });
});
