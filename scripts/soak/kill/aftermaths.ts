import { existsSync } from "node:fs";
import { openStore } from "../../../src/index.js";
import { type Acknowledgement, acknowledgementsOf } from "../assignment.js";
import { type Aftermath, checkStore } from "../check-store.js";
import { resumePhases } from "../resume-phases.js";
import { type End, unexpectedEnd } from "../worker.js";

/** What came of many kills. */
export class Aftermaths {
  lost = 0;
  unacknowledged = 0;
  kills = 0;
  readonly failures: string[] = [];

  /** Holds a store to what its killed writers had told, and lets their phases go on. */
  async add(path: string, ends: readonly End[], name: string): Promise<void> {
    this.kills += ends.filter(({ signal }) => signal === "SIGKILL").length;
    const told = ends.flatMap(({ lines }) => acknowledgementsOf(lines));
    const found = checkedStore(path, told);
    this.lost += found.lost;
    this.unacknowledged += found.unacknowledged;
    const resumed =
      found.failures.length > 0 || told.length === 0
        ? []
        : await resumePhases(path, told, { isAlone: ends.length === 1 });
    const all = [...ends.flatMap(unexpectedEnd), ...found.failures, ...resumed];
    this.failures.push(...all.map((failure) => `${name}: ${failure}`));
  }
}

/** A store that had not been made yet when its maker died is made by whoever comes next. */
function checkedStore(path: string, told: readonly Acknowledgement[]): Aftermath {
  if (existsSync(path) || told.length > 0) return checkStore(path, told);
  try {
    openStore(path).close();
  } catch (error) {
    const failure = `it cannot be made any more: ${String(error)}`;
    return { lost: 0, failures: [failure], unacknowledged: 0 };
  }
  return checkStore(path, told);
}
