import type { Row } from "../part.js";
import type { Found } from "./search-trace.js";

/** More of a kind only say the same again. */
const mostFailures = 10;

/** One search, and how its trace is recorded again. */
export interface Searched {
  readonly seed: number;
  readonly found: Found;
}

/** Makes a row of what the power cuts of some traces came to. */
export function rowOfCuts(
  what: string,
  searched: readonly Searched[],
  isControl?: Pick<Row, "isControl">,
): Row {
  const sum = (count: (found: Found) => number) =>
    searched.reduce((total, { found }) => total + count(found), 0);
  const failures = searched.flatMap(({ seed, found }) =>
    found.failures.slice(0, mostFailures).map((failure) => `work of seed ${seed}: ${failure}`),
  );
  const [cuts, lossy, damaged] = [sum((f) => f.cuts), sum((f) => f.lossy), sum((f) => f.damaged)];
  const came =
    lossy + damaged === 0
      ? ""
      : `; ${lossy} lost something, after ${damaged} the store said that something is wrong`;
  return {
    what,
    trials: sum(({ images }) => images),
    unit: "images",
    lost: sum(({ lost }) => lost),
    undetected: 0,
    // A control has to break the promise.
    failures: isControl === undefined ? failures.slice(0, mostFailures) : [],
    note: `${cuts.toLocaleString("en")} power cuts in ${searched.length} traces${came}`,
    ...isControl,
  };
}
