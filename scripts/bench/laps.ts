import { median } from "./measure.js";
import type { Run } from "./race.js";

/** The median time of a runner's laps, without the first ones, which warm up; undefined where it did not run. */
export function medianLap(runs: readonly Run[], name: string, warmUps: number): number | undefined {
  const run = runs.find((found) => found.name === name);
  return run === undefined ? undefined : median(run.laps.slice(warmUps).flatMap(({ times }) => times));
}

/** The median of the ratios of laps that were run one after the other, which a busy time moves less. */
export function medianRatio(
  runs: readonly Run[],
  names: { readonly of: string; readonly to: string },
  warmUps: number,
): number | undefined {
  const [of, to] = [names.of, names.to].map((name) => runs.find((found) => found.name === name));
  if (of === undefined || to === undefined) return undefined;
  const ratios = of.laps.slice(warmUps).map(({ times }, lap) => {
    return median(times) / median(to.laps[lap + warmUps]?.times ?? []);
  });
  return median(ratios);
}
