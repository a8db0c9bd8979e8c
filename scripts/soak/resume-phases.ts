import { type Context, openStore } from "../../src/index.js";
import type { Acknowledgement } from "./assignment.js";

/** How many of the newest phases of a context are asked for again. */
const newest = 3;

/**
 * Asks again for the phases of a killed process, as the process that comes after it does: what had finished is
 * not run, what had not is run and finishes once. Gives what was not so.
 * @param isAlone Whether nobody but the killed process wrote, so that nobody can have undone what it was told.
 */
export async function resumePhases(
  path: string,
  told: readonly Acknowledgement[],
  { isAlone }: { isAlone: boolean },
): Promise<string[]> {
  using store = openStore(path, { create: false });
  const failures: string[] = [];
  for (const id of new Set(told.map(({ context }) => context))) {
    const context = store.context(id);
    const finished = new Set(
      told.flatMap((one) => (one.context === id && one.finished !== undefined ? [one.finished] : [])),
    );
    const known = context.phases().flatMap(({ once }) => once ?? []);
    const last = [...new Set([...known.slice(-newest), ...[...finished].slice(-newest)])];
    for (const once of last) {
      const wrong = await resume(context, once, isAlone && finished.has(once));
      if (wrong !== undefined) failures.push(`${id}: ${wrong}`);
    }
  }
  return failures;
}

async function resume(context: Context, once: string, isDone: boolean): Promise<string | undefined> {
  let runs = 0;
  const ask = () => context.phase("work", () => (runs += 1), { once });
  const first = await ask();
  if (isDone && runs > 0) return `phase "${once}" was run again, though it had been told to be finished`;
  const expected = first.outcome === "repeated" ? 0 : 1;
  if (runs !== expected) return `phase "${once}" was ${first.outcome}, and ran ${runs} times`;
  const second = await ask();
  if (second.outcome !== "repeated" || runs !== expected || second.phase !== first.phase)
    return `phase "${once}" did not stay finished`;
  return undefined;
}
