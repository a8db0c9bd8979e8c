import { ContextError } from "../errors.js";
import { copyShallow, type Dictionary, isPlainArray, isPlainObject } from "../value/plain.js";
import { recordLevels } from "../value/walk.js";
import { defineKey } from "./define-key.js";
import type { Change, Difference, Path } from "./difference.js";
import { formatPointer } from "./json-pointer.js";
import { listSequentialPaths } from "./sequential-paths.js";

/**
 * Makes the later value from the earlier one. What did not change is shared with the given value, what did is
 * shared with the difference; nothing of either is written to.
 * @throws {ContextError} PATCH_INVALID if a change does not fit: its place is missing, or taken
 */
export function applyDifference(difference: Difference, value: unknown): unknown {
  const paths = listSequentialPaths(difference);
  const steps = difference.map((change, operation) => ({ change, operation, path: paths[operation] ?? [] }));
  for (const step of steps) if (step.path.length > recordLevels) throw misfit(step, "its path is too long");
  return applySteps(steps, value, 0);
}

/** A change, with its place in the value as the changes before it leave it. */
interface Step {
  readonly change: Change;
  readonly operation: number;
  readonly path: Path;
}

/** Applies steps to the value that their paths lead to by their first `depth` segments. */
function applySteps(steps: readonly Step[], value: unknown, depth: number): unknown {
  const [first, second] = steps;
  if (first === undefined) return value;
  if (first.path.length === depth) {
    if (second !== undefined) throw misfit(second, "the change before it replaced what it is about");
    if (first.change.kind !== "changed") throw misfit(first, "the whole value can only be changed");
    return first.change.after;
  }
  if (typeof value === "object" && value !== null) {
    if (isPlainArray(value)) return applyToArray(steps, value, depth);
    if (isPlainObject(value)) return applyToObject(steps, value, depth);
  }
  throw misfit(first, "its path leads into something that is no object and no array");
}

function applyToObject(steps: readonly Step[], value: Dictionary, depth: number): Dictionary {
  const copy = copyShallow(value);
  for (const group of groupSteps(steps, depth)) {
    const [first] = group;
    const key = first.path[depth];
    if (typeof key !== "string") throw misfit(first, "it is about an element, and there is an object");
    const isNew = first.change.kind === "added" && first.path.length === depth + 1;
    if (isNew === Object.hasOwn(copy, key)) throw misfit(first, isNew ? "the key is there already" : absent);
    const next = applyToPart(group, copy[key], depth);
    if (next.length === 0) delete copy[key];
    else defineKey(copy, key, next[0]);
  }
  return copy;
}

const absent = "what it is about is not there";

function applyToArray(steps: readonly Step[], value: readonly unknown[], depth: number): unknown[] {
  const result: unknown[] = [];
  let done = 0;
  for (const group of groupSteps(steps, depth)) {
    const [first] = group;
    const index = first.path[depth];
    if (typeof index !== "number") throw misfit(first, "it is about a key, and there is an array");
    while (result.length < index && done < value.length) result.push(value[done++]);
    if (result.length !== index) throw misfit(first, absent);
    const isNew = first.change.kind === "added" && first.path.length === depth + 1;
    if (!isNew && done >= value.length) throw misfit(first, absent);
    const part = isNew ? undefined : value[done++];
    result.push(...applyToPart(group, part, depth));
  }
  while (done < value.length) result.push(value[done++]);
  return result;
}

/** Gives what stands in a part's place afterwards: one value, or none if it was removed. */
function applyToPart(group: Group, part: unknown, depth: number): readonly unknown[] {
  const [{ change, path }, ...others] = group;
  if (path.length > depth + 1 || change.kind === "changed" || others.length > 0) {
    return [applySteps(group, part, depth + 1)];
  }
  return change.kind === "added" ? [change.after] : [];
}

type Group = readonly [Step, ...Step[]];

/** Puts together the steps that lead into the same part; those that add or remove one stand alone. */
function groupSteps(steps: readonly Step[], depth: number): Group[] {
  const groups: [Step, ...Step[]][] = [];
  for (const step of steps) {
    const group = groups.at(-1);
    const isInside = step.path.length > depth + 1;
    const isSame = group?.[0].path[depth] === step.path[depth] && (group?.[0].path.length ?? 0) > depth + 1;
    if (group !== undefined && isInside && isSame) group.push(step);
    else groups.push([step]);
  }
  return groups;
}

function misfit({ operation, change }: Step, why: string): ContextError {
  return new ContextError("PATCH_INVALID", { operation, path: formatPointer(change.path), why });
}
