import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context, Store } from "durable-context";
import { expectedReport } from "./expected-report.js";
import { contextOf } from "./show.js";

/** What a run left behind, and what was seen of it on the way. */
export interface Evidence {
  readonly store: Store;
  /** Where the report and the diary are. */
  readonly results: string;
  /** What the report is about. */
  readonly folder: string;
  readonly killedBy: string | null;
  readonly foundBeforeKill: readonly string[];
  readonly say: (line: string) => void;
}

/** Checks everything that the demo shows; gives what did not hold. */
export function verify(evidence: Evidence): readonly string[] {
  const ctx = contextOf(evidence.store);
  ctx.refresh();
  const problems: string[] = [];
  for (const [claim, holds] of claims(evidence, ctx)) {
    if (holds) evidence.say(`   ok  ${claim}`);
    else problems.push(claim);
  }
  return problems;
}

function claims(evidence: Evidence, ctx: Context): readonly (readonly [string, boolean])[] {
  const { store, results, folder, killedBy, foundBeforeKill } = evidence;
  const diary = readFileSync(join(results, "diary.txt"), "utf8").trimEnd().split("\n");
  const times = (work: string) => diary.filter((line) => line === work).length;
  const plan = ctx.get("plan") as readonly string[];
  const runs = (name: string) =>
    ctx
      .phases()
      .filter((phase) => phase.name === name)
      .map(({ status }) => status)
      .join(", ");
  const repeated = plan.filter((file) => times(`research ${file}`) > 1);
  const before = foundBeforeKill.length;
  return [
    [
      `the first process was killed by SIGKILL with ${before} of ${plan.length} findings written`,
      killedBy === "SIGKILL" && before > 0 && before < plan.length,
    ],
    [
      "planning was worked on once: the second process took its result from the store",
      times("planning") === 1 && runs("planning") === "finished",
    ],
    [
      `research was started twice (${runs("research")}) and finished once`,
      runs("research") === "running, finished",
    ],
    [
      `no finding was lost, none was made twice; again only what was under way: ${repeated.join(", ") || "nothing"}`,
      plan.every((file) => times(`research ${file}`) >= 1) &&
        repeated.length <= 1 &&
        !repeated.some((file) => foundBeforeKill.includes(file)),
    ],
    [
      "the report says what a second, independent count of the files says",
      readFileSync(join(results, "report.md"), "utf8") === expectedReport(folder, plan),
    ],
    ["events are numbered without gaps, and the version never went back", isWellNumbered(ctx)],
    [
      "the state in memory is the state in the log",
      JSON.stringify(ctx.at("@latest").data) === JSON.stringify(ctx.persistent),
    ],
    [
      "every table can be made again from the events, and is the same",
      Object.values(store.rebuild().differences).every((count) => count === 0),
    ],
  ];
}

/** Each event has the next number, and the version of the one before it or the next. */
function isWellNumbered(ctx: Context): boolean {
  const events = ctx.history();
  const changes = ctx.changes();
  return (
    events.every(({ sequence, version }, index) => {
      const step = version - (events[index - 1]?.version ?? 0);
      return sequence === index + 1 && (step === 0 || step === 1);
    }) &&
    events.at(-1)?.version === ctx.version &&
    changes.every(({ sequence, version }) => events[sequence - 1]?.version === version)
  );
}
