import { equalValues } from "../value/equal.js";
import { findContainers } from "./likeness.js";

/**
 * Compares as the `test` of a JSON Patch does: like `equalValues`, but numbers by what they count, so that -0
 * is 0. Any depth is fine.
 */
export function equalJson(a: unknown, b: unknown): boolean {
  const pending: [unknown, unknown][] = [[a, b]];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [left, right] = pair;
    if (left === right) continue;
    const containers = findContainers(left, right);
    if (containers === undefined) {
      if (!equalValues(left, right)) return false;
      continue;
    }
    const [keys, others] = [Object.keys(containers.before), Object.keys(containers.after)];
    if (keys.length !== others.length) return false;
    for (const key of keys) {
      if (!Object.hasOwn(containers.after, key)) return false;
      pending.push([partOf(containers.before, key), partOf(containers.after, key)]);
    }
  }
  return true;
}

function partOf(container: object, key: string): unknown {
  return Reflect.get(container, key);
}
