import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnyContext, eachEngine } from "../support/each-engine.js";
import { forge } from "../support/forged-export.js";
import { anyPair } from "../support/mutations.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";
import { plainJson } from "../support/values.js";

interface Message {
  readonly id: number;
  text: string;
}
const message = (id: number): Message => ({ id, text: `message ${id} `.padEnd(1_000, "·") });

async function converse(ctx: AnyContext, from: number, to: number): Promise<void> {
  for (let id = from; id <= to; id += 1)
    await ctx.edit("messages", (messages) => {
      (messages as Message[]).push(message(id));
    });
}

const upTo = (count: number): Message[] => Array.from({ length: count }, (_, index) => message(index + 1));

eachEngine("a value that changes little at a time", ({ open, reopen }) => {
  it("is at each version what it was then, whoever reads it, after a restart, too", async () => {
    const store = open({ patches: "auto" });
    const ctx = await store.context("run", { initial: { messages: [] } });
    await converse(ctx, 1, 30);

    const again = await (await reopen(store, { patches: "auto" })).context("run");
    expect(again.get("messages")).toEqual(upTo(30));
    for (const version of [0, 3, 12, 29, 30])
      expect((await again.at(version)).get("messages")).toEqual(upTo(version));
    const values: unknown[] = [];
    for (const event of await again.history({ order: "newest" })) values.push(event.effects[0]?.value);
    expect(values.slice(0, 30)).toEqual(Array.from({ length: 30 }, (_, back) => upTo(30 - back)));
    for await (const { event, view } of again.replay({ from: 20 }))
      expect(view.get("messages")).toEqual(upTo(event.version));
    await converse(again, 31, 35);
    expect((await again.blame("messages[12].id"))[0]?.event.version).toBe(13);
    expect((await again.diff(34, 35)).map(({ path }) => path)).toEqual([["messages", 34]]);
  });

  it("goes on in forks, and stays itself in what it was forked from", async () => {
    const store = open({ patches: "auto" });
    const ctx = await store.context("run", { initial: { messages: [] } });
    await converse(ctx, 1, 12);
    const twin = await ctx.fork("twin", { at: 9 });
    await twin.edit("messages", (messages) => void (messages as Message[]).splice(0, 2));
    const leaf = await twin.fork("leaf");
    await converse(leaf, 13, 14);

    expect(leaf.get("messages")).toEqual([...upTo(9).slice(2), message(13), message(14)]);
    expect((await leaf.at(5)).get("messages")).toEqual(upTo(5));
    expect(ctx.get("messages")).toEqual(upTo(12));
    expect((await store.verify()).faults).toEqual([]);
    expect(Object.values((await store.rebuild()).differences).every((count) => count === 0)).toBe(true);
  });

  it("is handed to those who watch as a whole", async () => {
    const ctx = await open({ patches: "auto" }).context("run", { initial: { messages: upTo(8) } });
    const watch = ctx.watch({ from: "start", type: "value_edited" });
    await converse(ctx, 9, 12);

    for (const count of [9, 10, 11, 12])
      expect((await watch.next()).value?.effects[0]?.value).toEqual(upTo(count));
  });

  it("loses a secret in every version that has it, and in those that were changed from such a one", async () => {
    const ctx = await open({ patches: "auto" }).context("run", { initial: { messages: upTo(8) } });
    await ctx.edit("messages", (messages) => void ((messages as Message[])[3]!.text = "s3cret"));
    await converse(ctx, 9, 10);
    await ctx.edit("messages", (messages) => void ((messages as Message[])[3]!.text = "clean"));
    const { values } = await ctx.redact("messages[3].text", "leaked", { present: "keep" });

    expect(values).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify(await ctx.history())).not.toContain("s3cret");
    expect((ctx.get("messages") as Message[])[3]?.text).toBe("clean");
    await converse(ctx, 11, 11);
    expect(ctx.get("messages")).toHaveLength(11);
  });

  it("costs what changes", async () => {
    const store = open({ patches: "auto" });
    const ctx = await store.context("run", { initial: { messages: [], out: "" } });
    await converse(ctx, 1, 60);
    const { eventBytes } = await ctx.stats();

    expect(eventBytes).toBeLessThan(2.5 * 60_000);
  });
});

interface StoredPatch {
  on: number;
  bytes: number;
  edits: { from?: number; at: unknown[] }[];
}
const forgeries: Record<string, (patch: StoredPatch) => void> = {
  "that tells another size": (patch) => (patch.bytes += 1),
  "that is on another value": (patch) => (patch.on -= 1),
  "that does not fit": (patch) => (patch.edits[0]!.from = 1_000_000),
  "that leads nowhere": (patch) => (patch.edits[0]!.at = ["nowhere"]),
};

eachEngine("a patch", ({ open }) => {
  it.each(Object.entries(forgeries))("%s is refused in a file, though its hash fits", async (_, change) => {
    const [from, to] = [open({ patches: "auto" }), open()];
    await converse(await from.context("run", { initial: { messages: upTo(6) } }), 7, 9);
    const file = join(temporaryFolder(), "run.jsonl");
    await from.save(file);
    const forgery: Parameters<typeof forge>[1] = (events) => {
      const [effect] = events.at(-1)!.payload.effects as unknown as { patch: StoredPatch }[];
      change(effect!.patch);
    };
    writeFileSync(file, forge(readFileSync(file, "utf8"), forgery));

    expect((await refusalOf(() => to.load(file))).code).toBe("EXPORT_INVALID");
    expect(await to.contexts()).toEqual([]);
  });
});

describe("a sequence of values", () => {
  const programme = fc.array(anyPair(plainJson()), { minLength: 1, maxLength: 5 });

  eachEngine("recorded as changes or whole", ({ open }) => {
    it("gives the same state and the same past", async () => {
      await fc.assert(
        fc.asyncProperty(programme, async (pairs) => {
          const values = pairs.flat();
          const told = await Promise.all(
            (["always", "never", "auto"] as const).map(async (patches) => {
              const ctx = await open({ patches, protect: [] }).context("run");
              for (const value of values) await ctx.set("value", value);
              const past = [];
              for (let version = 1; version <= ctx.version; version += 1)
                past.push(JSON.stringify((await ctx.at(version)).get("value")));
              const { persistentBytes } = await ctx.stats();
              return { past, now: JSON.stringify(ctx.get("value")), persistentBytes };
            }),
          );
          expect(told[0]).toEqual(told[1]);
          expect(told[2]).toEqual(told[1]);
        }),
        { numRuns: 40 },
      );
    });
  });
});
