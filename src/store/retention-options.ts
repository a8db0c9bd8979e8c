import { ContextError } from "../core/errors.js";
import { defaultSnapshotRule, type SnapshotRule } from "../core/retention.js";
import { checkObject } from "./check-option.js";

/** What the lists of a context show; what leaves them stays in its history. */
export interface RetentionOptions {
  /** Which snapshots a context lists, or how many. Default: the newest 50. */
  readonly snapshots?: number | SnapshotRetention;
  /** How many changes the change log shows. Default: 200. */
  readonly changes?: number;
}

/** Which snapshots stay listed when one is taken: the newest that fit all of these. Pinned ones do not count. */
export interface SnapshotRetention {
  /** How many. Default: 50. */
  readonly keep?: number;
  /** How much older than the one that is being taken, in ms. */
  readonly maxAgeMs?: number;
  /** How many bytes the states have that they mark, all together, as JSON texts in UTF-8. */
  readonly maxBytes?: number;
}

/** How a store's contexts keep their lists. */
export interface RetentionRules {
  readonly snapshots: SnapshotRule;
  readonly changes: number;
}

/**
 * Takes in what is said of the lists, over what holds if nothing is said.
 * @throws {ContextError} OPTION_INVALID
 */
export function retentionRules(retention: RetentionOptions): RetentionRules {
  const { snapshots = {}, changes = 200 } = checkObject("retention", retention);
  checkPositive("changes", changes);
  if (typeof snapshots === "number") {
    checkPositive("snapshots", snapshots);
    return { snapshots: { ...defaultSnapshotRule, keep: snapshots }, changes };
  }
  const { keep, maxAgeMs, maxBytes } = checkObject("retention.snapshots", snapshots);
  for (const [name, given] of Object.entries({ keep, maxAgeMs, maxBytes }))
    if (given !== undefined) checkPositive(`snapshots.${name}`, given);
  const rule = { keep, maxAgeMs, maxBytes };
  return { snapshots: { ...defaultSnapshotRule, ...presentOf(rule) }, changes };
}

function checkPositive(name: string, count: number): void {
  if (Number.isSafeInteger(count) && count >= 1) return;
  throw new ContextError("OPTION_INVALID", {
    option: `retention.${name}`,
    why: "it is not a positive whole number",
  });
}

function presentOf(rule: Readonly<Record<keyof SnapshotRule, number | undefined>>): Partial<SnapshotRule> {
  return Object.fromEntries(Object.entries(rule).filter(([, given]) => given !== undefined));
}
