import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Store } from "../../src/index.js";
import { openSqliteStore } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

/** Two stores on one file, as two processes have them. */
function openTwice(): [Store, Store] {
  const path = join(temporaryFolder(), "shared.db");
  return [openSqliteStore(path), openSqliteStore(path)];
}

describe("a context that two stores have open", () => {
  it("is created by one and resumed by the other, whose beginnings are not applied again", () => {
    const [one, other] = openTwice();
    const mine = one.context("run", { initial: { a: 1 }, protect: ["a"], metadata: { owner: "ann" } });

    const theirs = other.context("run", {
      initial: { a: 2, b: 2 },
      protect: ["b"],
      metadata: { owner: "bob" },
    });

    expect([theirs.persistent, theirs.metadata]).toEqual([{ a: 1 }, { owner: "ann" }]);
    expect(theirs.protectedKeys).toEqual(mine.protectedKeys);
  });

  it("is read as of this handle's last write or refresh", () => {
    const [one, other] = openTwice();
    const [mine, theirs] = [one.context("run"), other.context("run")];
    mine.set("a", 1);

    expect(theirs.has("a")).toBe(false);
    theirs.refresh();
    expect([theirs.get("a"), theirs.version]).toEqual([1, 1]);
    mine.set("a", 2);
    theirs.set("b", 1);
    expect([theirs.get("a"), theirs.version]).toEqual([2, 2 + 1]);
  });

  it("answers of the past with all that is written, though the present was not refreshed", () => {
    const [one, other] = openTwice();
    const [mine, theirs] = [one.context("run"), other.context("run")];
    mine.set("a", 1);
    mine.snapshot("s");

    expect(theirs.at("@latest").data).toEqual({ a: 1 });
    expect(theirs.at("@snapshot:s").data).toEqual({ a: 1 });
    expect(theirs.history().length).toBe(3);
    expect(theirs.changes().length).toBe(1);
  });

  it("is decided on the fresh state: protection and merges hold at once", async () => {
    const [one, other] = openTwice();
    const [mine, theirs] = [one.context("run"), other.context("run")];
    mine.set("goal", 1, { protect: true });
    mine.set("a", 1);

    expect((await refusalOf(() => theirs.set("goal", 2))).code).toBe("KEY_PROTECTED");
    expect(theirs.merge({ a: 2, b: 2 })).toEqual({ written: ["b"], skipped: [{ key: "a", why: "exists" }] });
    expect(theirs.delete("a")).toBe(true);
    expect(mine.delete("a")).toBe(false);
  });

  it("takes the last blind write, and moves the version once for each", () => {
    const [one, other] = openTwice();
    const [mine, theirs] = [one.context("run"), other.context("run")];

    mine.set("a", 1);
    theirs.set("a", 2);
    mine.refresh();

    expect([mine.get("a"), mine.version]).toEqual([2, 2]);
    expect(mine.history().map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  it("refuses a write that expects a version which another has moved, and says what they did", async () => {
    const [one, other] = openTwice();
    const [mine, theirs] = [one.context("run"), other.context("run")];
    theirs.update({ plan: 1 });

    const refusal = await refusalOf(() => mine.set("a", 1, { expectedVersion: mine.version }));

    expect(refusal).toMatchObject({
      code: "VERSION_CONFLICT",
      details: { expected: 0, actual: 1, between: [{ type: "values_updated", keys: ["plan"] }] },
    });
  });

  it("loses no increment made by edit, nor by a batch", () => {
    const [one, other] = openTwice();
    const contexts = [one.context("run", { initial: { n: 0 } }), other.context("run")];

    for (let round = 0; round < 10; round += 1) {
      for (const ctx of contexts) {
        ctx.edit("n", (n) => (n as number) + 1);
        ctx.batch(() => {
          ctx.set("n", (ctx.get("n") as number) + 1);
        });
      }
    }

    contexts[0]!.refresh();
    expect(contexts[0]!.get("n")).toBe(40);
  });

  it("runs an edit's function once, on the newest value", () => {
    const [one, other] = openTwice();
    const [mine, theirs] = [one.context("run"), other.context("run")];
    theirs.set("n", 5);
    const seen: unknown[] = [];

    mine.edit("n", (n) => {
      seen.push(n);
      return 6;
    });

    expect(seen).toEqual([5]);
  });

  it("repeats a command of another process under its idempotency key", () => {
    const [one, other] = openTwice();
    const [mine, theirs] = [one.context("run"), other.context("run")];
    expect(mine.protect("x", { idempotencyKey: "k" })).toBe(true);

    expect(theirs.protect("x", { idempotencyKey: "k" })).toBe(true);

    expect(theirs.history().length).toBe(2);
  });

  it("does not repeat a phase that another process finished, and takes its result if it did so meanwhile", async () => {
    const [one, other] = openTwice();
    const [mine, theirs] = [one.context("run"), other.context("run")];

    const slow = await mine.phase(
      "p",
      async (copy) => {
        copy.a = "mine";
        await theirs.phase("p", (own) => ((own.a = "theirs"), "their result"), { once: "p1" });
        return "my result";
      },
      { once: "p1", merge: "update" },
    );

    expect(slow).toMatchObject({ outcome: "superseded", result: "their result" });
    expect(mine.get("a")).toBe("theirs");
    expect(await theirs.phase("p", () => "again", { once: "p1" })).toMatchObject({ outcome: "repeated" });
  });

  it("takes automatic snapshots for whoever asked for them, counting everybody's versions", () => {
    const [one, other] = openTwice();
    const [mine, theirs] = [one.context("run", { autoSnapshot: 3 }), other.context("run")];
    theirs.set("n", 1);
    theirs.set("n", 2);
    theirs.set("n", 3);
    expect(theirs.snapshots()).toEqual([]);

    mine.set("n", 4);

    expect(mine.snapshots()).toMatchObject([{ reason: "auto", version: 4 }]);
  });

  it("that another renamed is still the same, and is found by its new id", () => {
    const [one, other] = openTwice();
    const [mine, theirs] = [one.context("run"), other.context("run")];
    mine.rename("new");

    theirs.set("a", 1);

    expect([theirs.id, other.find("run"), other.find("new")?.get("a")]).toEqual(["new", undefined, 1]);
  });

  it("is refreshed inside the batch of a second context, too", () => {
    const [one, other] = openTwice();
    const [first, second, theirs] = [one.context("first"), one.context("second"), other.context("second")];
    theirs.set("a", 1);

    const seen = first.batch(() => {
      second.refresh();
      return second.get("a");
    });

    expect(seen).toBe(1);
  });

  it("that another renamed goes by its new id in all that is asked of the log", () => {
    const [one, other] = openTwice();
    const [mine, theirs] = [one.context("run"), other.context("run")];
    mine.rename("new");

    const told = [theirs.history()[0]!.context, theirs.stats().context, theirs.at(0).context];

    expect(told).toEqual(["new", "new", "new"]);
  });

  it("that another deleted says so, and a new one of its id is another context", async () => {
    const [one, other] = openTwice();
    const [mine, theirs] = [one.context("run", { initial: { a: 1 } }), other.context("run")];
    expect(one.delete("run")).toBe(true);
    const created = one.context("run");

    for (const use of [
      () => theirs.at("@latest"),
      () => theirs.history(),
      () => theirs.stats(),
      () => theirs.changes(),
      () => theirs.phases(),
      () => theirs.set("b", 1),
      () => theirs.refresh(),
      () => mine.set("b", 1),
    ]) {
      expect((await refusalOf(use)).code).toBe("CONTEXT_DELETED");
    }
    expect([created.persistent, other.context("run").persistent]).toEqual([{}, {}]);
  });

  it("shares its state among all handles of one store", () => {
    const [one] = openTwice();
    const [first, second] = [one.context("run"), one.context("run")];

    first.set("a", 1);

    expect([second.get("a"), one.find("run")!.version]).toEqual([1, 1]);
  });
});
