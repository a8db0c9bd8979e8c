import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Context, openStore, type Store } from "../../src/index.js";
import { temporaryFolder } from "../support/sqlite-files.js";

/** A store in a file of its own, open until the test ends. */
export interface RecordedRun {
  readonly store: Store;
  readonly file: string;
}

/** Records a small orchestration, one step a minute from 09:00 on, that the audit queries ask about. */
export async function recordRun(): Promise<RecordedRun> {
  const file = join(temporaryFolder(), "runs.db");
  let minute = 0;
  const store = openStore(file, { now: () => Date.UTC(2026, 2, 2, 9, minute) });
  onTestFinished(() => store.close());
  const ctx = store.context("run-42", { initial: { goal: "ship v1" }, actor: "owner" });
  const steps: readonly (() => unknown)[] = [
    () => ctx.set("plan", { steps: ["read"] }, { actor: "planner" }),
    () => ctx.protect("goal", { actor: "owner" }),
    () => ctx.set("budget", 100, { actor: "planner", cause: "run-41#7" }),
    () => ctx.set("plan", { steps: ["read", "write"] }, { actor: "planner" }),
    () => research(ctx),
    () => ctx.delete("plan", { actor: "writer" }),
    () => ctx.set("plan", { steps: ["write"] }, { actor: "writer", cause: "run-42#10" }),
    () => store.context("run-43", { initial: { budget: 7 }, metadata: { owner: "ann" } }),
    () => store.context("run-43").set("budget", 8),
  ];
  for (const step of steps) {
    minute += 1;
    await step();
  }
  return { store, file };
}

async function research(ctx: Context): Promise<void> {
  await ctx.phase(
    "research",
    (copy) => {
      copy.notes = ["found"];
      copy.budget = 60;
    },
    { merge: "update", actor: "researcher" },
  );
}
