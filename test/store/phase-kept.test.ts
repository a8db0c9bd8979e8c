import { describe, expect, it } from "vitest";
import { z } from "zod";

import { type AnyContext, eachEngine } from "../support/each-engine.js";
import { Money, moneyClass } from "../support/money.js";
import { refusalOf } from "../support/refusal.js";

/** An array so many levels deep. */
function nested(levels: number): unknown {
  return levels === 0 ? 1 : [nested(levels - 1)];
}

eachEngine("the work of a phase", ({ open, reopen }) => {
  it("does not count instances that it left alone", async () => {
    const ctx = await open({ classes: [moneyClass] }).context("run");
    await ctx.set("price", new Money(1));

    const outcome = await ctx.phase(
      "pricing",
      async (copy) => {
        copy.other = 1;
        await ctx.set("price", new Money(99));
      },
      { merge: "update" },
    );

    expect(outcome.written).toEqual(["other"]);
    expect(ctx.get("price")).toEqual(new Money(99));
  });

  it("may return what is as deep as a value may be, and is not run again for it", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.phase("dig", () => nested(500), { once: "dig" });

    const again = await (await reopen(store)).context("run");
    const outcome = await again.phase("dig", () => "run again", { once: "dig" });

    expect(outcome.outcome).toBe("repeated");
    expect(outcome.result).toEqual(nested(500));
  });

  it("is kept when it is refused, however deep it is", async () => {
    const ctx = await open().context("run", { initial: { text: "a" } });

    const refusal = await refusalOf(() =>
      ctx.phase(
        "edit",
        async (copy) => {
          copy.text = "theirs";
          copy.deep = nested(500);
          await ctx.set("text", "ours");
        },
        { merge: "threeWay" },
      ),
    );

    expect(refusal.code).toBe("MERGE_CONFLICT");
    const [kept] = await ctx.phases({ status: "unmerged" });
    await ctx.mergePhase(kept!.id, "update", { expectedVersion: ctx.version });
    expect(ctx.persistent).toEqual({ text: "theirs", deep: nested(500) });
    expect(await ctx.phases({ status: "unmerged" })).toEqual([]);
  });

  it.each([
    ["its own name", { merge: "update" as const }, "n"],
    ["the name with the prefix", { merge: "prefixed" as const, prefix: "r_" }, "r_n"],
  ])(
    "is kept when the schema of %s rejects a value, and is never merged past it",
    async (_, options, name) => {
      const store = open();
      const ctx = (await store.context("run", { schema: { [name]: z.number() } })) as unknown as AnyContext;

      const refusal = await refusalOf(() =>
        ctx.phase(
          "count",
          (copy) => {
            copy.n = "many";
          },
          options,
        ),
      );
      const [kept] = await ctx.phases({ status: "unmerged" });
      const { merge, ...rest } = options;
      const second = await refusalOf(async () => ctx.mergePhase(kept!.id, merge, rest));

      expect([refusal.code, second.code]).toEqual(["VALUE_REJECTED", "VALUE_REJECTED"]);
      expect(ctx.has(name)).toBe(false);
      expect(await ctx.phases({ status: "unmerged" })).toHaveLength(1);
    },
  );

  it("is kept when a prefix makes a name that no key may have", async () => {
    const ctx = await open().context("run");
    const change = (copy: Record<string, unknown>) => {
      copy.a = 1;
    };

    const refusal = await refusalOf(() => ctx.phase("p", change, { merge: "prefixed", prefix: "\ud800" }));

    expect(refusal.code).toBe("KEY_INVALID");
    expect(await ctx.phases({ status: "unmerged" })).toHaveLength(1);
  });

  it("is told its own error even where that cannot be noted", async () => {
    const store = open();
    const ctx = await store.context("run");
    const mine = new Error("mine");

    const told = ctx.phase("p", async () => {
      await store.delete("run");
      throw mine;
    });

    await expect(told).rejects.toBe(mine);
  });

  it("does not hang on a write of its own that was refused and not waited for", async () => {
    const ctx = await open().context("run", { initial: { session_id: 1 } });

    const outcome = await ctx.phase("p", async (copy) => {
      copy.done = true;
      void refusalOf(() => ctx.set("session_id", 2));
    });

    expect(outcome.written).toEqual(["done"]);
    expect((await ctx.phases()).map(({ status }) => status)).toEqual(["finished"]);
  });

  it("is noted as failed whatever it throws", async () => {
    const ctx = await open().context("run");

    await ctx
      .phase("p", () => {
        throw Object.create(null);
      })
      .catch(() => undefined);

    expect((await ctx.phases()).map(({ status }) => status)).toEqual(["failed"]);
  });

  it("has a name and an id that a key may have", async () => {
    const ctx = await open().context("run");

    expect((await refusalOf(() => ctx.phase("\ud800", () => 1))).code).toBe("KEY_INVALID");
    expect((await refusalOf(() => ctx.phase("p", () => 1, { once: "\ud800" }))).code).toBe("KEY_INVALID");
    expect(await ctx.phases()).toEqual([]);
  });
});

eachEngine("a repeated command", ({ open }) => {
  it("is known by what was asked, though the answer would be another by now", async () => {
    const ctx = await open().context("run");
    await ctx.set("n", 1);
    await ctx.set("n", 2);
    const key = { idempotencyKey: "back" };

    const first = await ctx.restore("@~1", key);
    await ctx.set("n", 3);
    const second = await ctx.restore("@~1", key);

    expect([first, second]).toEqual([true, true]);
    expect(ctx.get("n")).toBe(3);
  });

  it("is remembered although it found nothing to do", async () => {
    const ctx = await open().context("run");

    const found = await ctx.restore({ version: 99 }, { idempotencyKey: "k" });
    const refusal = await refusalOf(async () => ctx.set("n", 1, { idempotencyKey: "k" }));

    expect(found).toBe(false);
    expect(refusal.code).toBe("IDEMPOTENCY_MISMATCH");
  });

  it("is another command with another base", async () => {
    const ctx = await open().context("run", { initial: { n: 0 } });
    await ctx.set("n", 1);
    const merge = (base: number) => ctx.merge({ other: 1 }, "threeWay", { base, idempotencyKey: "k" });
    await merge(1);

    const refusal = await refusalOf(async () => merge(0));

    expect(refusal.code).toBe("IDEMPOTENCY_MISMATCH");
  });

  it("checks the version before it finds that there is nothing to do", async () => {
    const ctx = await open().context("run");
    await ctx.set("n", 1);

    const restored = await refusalOf(async () => ctx.restore({ version: 99 }, { expectedVersion: 0 }));
    const renamed = await refusalOf(async () => ctx.rename("run", { expectedVersion: 0 }));

    expect([restored.code, renamed.code]).toEqual(["VERSION_CONFLICT", "VERSION_CONFLICT"]);
  });
});

eachEngine("an automatic snapshot", ({ open }) => {
  it("comes with a version, never with a write that changes nothing, and under no key of the caller's", async () => {
    const store = open();
    const ctx = await store.context("run");
    for (const n of [1, 2, 3]) await ctx.set("n", n);
    await store.context("run", { autoSnapshot: 2 });

    await ctx.set("n", 3);
    const before = ctx.snapshots().length;
    await ctx.set("n", 4, { idempotencyKey: "four" });

    expect([before, ctx.snapshots().length]).toEqual([0, 1]);
    const [taken] = await ctx.history({ type: "snapshot_taken" });
    expect(taken?.idempotencyKey).toBeNull();
  });
});

describe("a function inside the write lock", () => {
  eachEngine("that edits", ({ open }) => {
    it("may not write, in a batch neither", async () => {
      const ctx = await open().context("run", { initial: { n: 1 } });

      const refusal = await refusalOf(async () =>
        ctx.batch(() => {
          void ctx.edit("n", (n) => {
            void ctx.set("log", "x");
            return Number(n) + 1;
          });
        }),
      );

      expect(refusal.code).toBe("BATCH_UNSUPPORTED");
      expect(ctx.persistent).toEqual({ n: 1 });
    });
  });
});
