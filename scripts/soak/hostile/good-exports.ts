import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../../../src/index.js";

/** Exports in both formats, with all that one can hold. */
export interface GoodExports {
  /** One context, whole: what format 1 knew. */
  readonly alone: string;
  /** A context, its fork and a fork of that, which share their beginnings. */
  readonly family: string;
}

/** Makes exports with erasures, snapshots, receipts, phases and forks. */
export async function makeGoodExports(folder: string): Promise<GoodExports> {
  using store = openStore(join(folder, "good.db"), { durability: "normal", compression: { overBytes: 200 } });
  const context = store.context("run", { initial: { goal: 1 }, protect: ["goal"], metadata: { m: 1 } });
  context.set("b", { list: [1, 2, { at: new Date(0) }], map: new Map([[1n, /x/g]]) });
  context.set("c", "é", { idempotencyKey: "k", tags: { t: "1" }, actor: "a", cause: "c" });
  context.snapshot("s", { metadata: { round: 1 } });
  await context.phase("plan", () => ({ d: [1] }), { once: "first" });
  context.batch(() => {
    context.set("e", "x".repeat(300));
    context.delete("c");
  });
  const twin = context.fork("twin", { at: "@3" });
  twin.set("d", 1n);
  twin.fork("third").set("d", 2n);
  context.redact("b.list", "why");
  context.restore("@snapshot:s", { erased: "keep" });
  const save = (name: string, ids: readonly string[]) => {
    const file = join(folder, name);
    store.save(file, ids);
    return readFileSync(file, "utf8");
  };
  const alone = save("alone.jsonl", ["run"]).replace('"format":2', '"format":1');
  return { alone, family: save("family.jsonl", ["run", "twin", "third"]) };
}
