import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { type Store } from "../../src/index.js";
import { BrokenStore, pagesOf } from "../support/broken-store.js";

describe("what was erased or deleted", () => {
  const secret = (store: Store) => {
    const ctx = store.context("run-42");
    ctx.set("token", "SECRET");
    for (let step = 1; step <= 50; step += 1) ctx.set("step", "x".repeat(step));
  };
  /** Erases while a reader keeps the database as it was. */
  const erase = (store: Store) => {
    const reader = new Database(store.location, { readonly: true });
    reader.exec("BEGIN; SELECT count(*) FROM events");
    expect(store.find("run-42")?.redact("token", "leaked").isScrubbed).toBe(false);
    reader.close();
  };

  it.each([false, true])(
    "does not come back from a page as it was before the erasure; all that came after it lost: %s",
    (zero) => {
      const broken = new BrokenStore(erase, { log: true, first: secret });
      expect(readFileSync(broken.file).includes("SECRET")).toBe(true);
      const [first = 0] = pagesOf(broken.whole, "events", "leaf");

      broken.damageFrames([first], { zero });
      const { contexts, verification } = broken.salvage();

      expect(contexts).toMatchObject([{ context: "run-42", recovered: 53, missing: [], added: [] }]);
      expect(verification.faults).toEqual([]);
      for (const file of readdirSync(broken.folder).filter((name) => name.startsWith("salvaged")))
        expect(readFileSync(join(broken.folder, file)).includes("SECRET")).toBe(false);
    },
  );

  it("does not come back as an ephemeral value whose key was cleared", () => {
    const clear = (store: Store) => {
      const reader = new Database(store.location, { readonly: true });
      reader.exec("BEGIN; SELECT count(*) FROM events");
      store.find("run-42")?.clearEphemeral();
      reader.close();
    };
    const first = (store: Store) => {
      const ctx = store.context("run-42");
      ctx.setEphemeral("progress", "SECRET");
      for (let step = 1; step <= 50; step += 1) ctx.set("step", "x".repeat(step));
    };
    const broken = new BrokenStore(clear, { log: true, first });
    expect(readFileSync(broken.file).includes("SECRET")).toBe(true);
    const [page = 0] = pagesOf(broken.whole, "events", "leaf");

    broken.damageFrames([page], { zero: true });
    const { contexts, verification } = broken.salvage();

    expect(contexts).toMatchObject([{ context: "run-42", recovered: 53, missing: [], added: [] }]);
    expect(verification.faults).toEqual([]);
    for (const file of readdirSync(broken.folder).filter((name) => name.startsWith("salvaged")))
      expect(readFileSync(join(broken.folder, file)).includes("SECRET")).toBe(false);
  });

  it("is covered anew where the clearing of ephemeral keys is lost", () => {
    const broken = new BrokenStore((store) => {
      const ctx = store.context("run-42");
      ctx.setEphemeral("progress", "SECRET");
      ctx.set("marker", "the marked event");
      ctx.clearEphemeral();
    });

    broken.flip("the marked event");
    const { contexts, verification } = broken.salvage();

    expect(contexts).toMatchObject([{ recovered: 2, of: 4, added: ["erasures"] }]);
    expect(verification.faults).toEqual([]);
  });

  it("is covered anew where the event that told of it is lost", () => {
    const broken = new BrokenStore((store) => {
      const ctx = store.context("run-42");
      ctx.set("token", "SECRET");
      ctx.set("marker", "the marked event");
      ctx.redact("token", "leaked");
    });

    broken.flip("the marked event");
    const { contexts, verification } = broken.salvage();

    expect(contexts).toMatchObject([{ recovered: 2, of: 4, added: ["erasures"] }]);
    expect(verification.faults).toEqual([]);
    using store = broken.open();
    expect(
      store
        .find("run-42")
        ?.history()
        .map(({ type }) => type),
    ).toEqual(["context_created", "value_set", "values_erased"]);
  });

  it("stays deleted although its events are still there", () => {
    const broken = new BrokenStore((store) => store.delete("gone"), {
      log: true,
      first: (store) => {
        store.context("gone").set("a", 1);
        store.context("stays").set("a", 1);
      },
    });

    broken.damageFrames(pagesOf(broken.whole, "events", "leaf"));
    const { contexts, deleted } = broken.salvage();

    expect(contexts.map(({ context }) => context)).toEqual(["stays"]);
    expect(deleted).toEqual(["gone"]);
    expect(broken.unplaced).toEqual([]);
  });

  it("leaves a context its own name where another's later renaming is lost", () => {
    const broken = new BrokenStore((store) => {
      const first = store.context("run-42");
      first.set("marker", "the marked event");
      first.rename("run-41");
      store.context("run-42").set("a", 1);
    });

    broken.flip("the marked event");
    const { contexts } = broken.salvage();

    expect(contexts.map(({ context, added }) => [context, added])).toEqual([
      ["run-42 (salvaged 1)", ["another name"]],
      ["run-42", []],
    ]);
  });
});
