import { existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { type Context, openStore, type Store } from "../../../src/index.js";
import type { Aftermath } from "../check-store.js";
import { checkStore } from "../check-store.js";
import { type Attempt, type Told, unknown } from "./attempt.js";
import { type Step, steps } from "./steps.js";

/** Holds a store, opened anew, to everything that a process was told of its writes while the disk failed it. */
export async function checkAttempts(path: string, attempts: readonly Attempt[]): Promise<Aftermath> {
  const done = attempts.flatMap(({ told }) => (told.isDone ? [told] : []));
  // A store whose making failed, or had no time to begin, is made by whoever comes next.
  if (!existsSync(path) && done.length === 0) openStore(path).close();
  const told = done.flatMap(({ sequence, hash }) =>
    sequence === undefined || hash === undefined ? [] : [{ context: "run", sequence, hash }],
  );
  const found = checkStore(path, told);
  if (found.failures.length > 0) return found;
  const failures = [...strangers(attempts), ...writesOfPoisoned(attempts)];
  {
    using store = openStore(path, { create: false });
    const context = store.context("run", { initial: { count: 0 } });
    for (const step of steps) failures.push(...(await checkStep(store, context, step, attempts)));
  }
  failures.push(...checkStore(path, told).failures);
  return { ...found, failures };
}

/** Whether a step is there as often as was told, and exactly once when it is asked for again. */
async function checkStep(
  store: Store,
  context: Context,
  step: Step,
  attempts: readonly Attempt[],
): Promise<string[]> {
  const told = attempts.filter(({ key }) => key === step.key).map((attempt) => attempt.told);
  const count = step.count(store, step.key);
  if (!mayBeThere(told, count)) {
    const codes = told.map((one) => (one.isDone ? "done" : one.code));
    return [`${step.key} was told to be ${codes.join(", ") || "nothing"}, and is there ${count} times`];
  }
  // A fork that is there is refused when it is asked for again.
  if (step.key === "fork" && count === 1) return [];
  const outcome: unknown = JSON.parse(JSON.stringify((await step.run(context, step.key)) ?? null));
  const again = step.count(store, step.key);
  if (again !== 1) return [`${step.key}, asked for again, is there ${again} times`];
  const first = told.find((one) => one.isDone);
  // What a phase gives again says that it is repeated.
  if (first?.isDone !== true || step.key === "phase" || isDeepStrictEqual(outcome, first.outcome)) return [];
  return [`${step.key}, asked for again, has another outcome`];
}

/** Whether what was told of a step allows it to be there so often. */
function mayBeThere(told: readonly Told[], count: number): boolean {
  if (told.some(({ isDone }) => isDone)) return count === 1;
  return count <= (told.some((one) => !one.isDone && one.code === unknown) ? 1 : 0);
}

/** What was thrown that is no error of ours. */
function strangers(attempts: readonly Attempt[]): string[] {
  const found = attempts.flatMap(({ key, told }) =>
    told.isDone || told.isOurs ? [] : [`${key} threw what is no ContextError: ${told.message}`],
  );
  return [...new Set(found)];
}

/** Writes through an opening of the store that had said that an outcome is unknown. */
function writesOfPoisoned(attempts: readonly Attempt[]): string[] {
  return attempts.flatMap(({ key, opening, told }, index) => {
    const isPoisoned = attempts
      .slice(0, index)
      .some((one) => one.opening === opening && !one.told.isDone && one.told.code === unknown);
    return told.isDone && isPoisoned ? [`${key} was written by a handle whose outcome was unknown`] : [];
  });
}
