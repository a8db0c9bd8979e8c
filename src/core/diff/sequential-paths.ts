import type { Difference, Path } from "./difference.js";

/**
 * Gives for each change its place in the value as all changes before it have left it, which is what a patch
 * applied step by step needs. Only removals have another place there than in their own path: in arrays, what
 * stands before them may have moved.
 */
export function listSequentialPaths(difference: Difference): Path[] {
  /** Elements that the array at each depth of the last place has gained so far. */
  let gained: number[] = [];
  let last: Path = [];
  return difference.map(({ kind, path }) => {
    const place = kind === "removed" ? move(path, last, gained) : path;
    const shared = countShared(place, last);
    gained = gained.slice(0, shared + 1);
    last = place;
    const depth = place.length - 1;
    if (typeof place[depth] === "number" && kind !== "changed") {
      gained[depth] = (gained[depth] ?? 0) + (kind === "added" ? 1 : -1);
    }
    return place;
  });
}

/** Moves each index by what its array has gained, for as long as the path leads where the last place does. */
function move(path: Path, last: Path, gained: readonly number[]): Path {
  let isShared = true;
  return path.map((step, depth) => {
    const place = typeof step === "number" && isShared ? step + (gained[depth] ?? 0) : step;
    isShared &&= place === last[depth];
    return place;
  });
}

function countShared(path: Path, last: Path): number {
  let shared = 0;
  while (shared < path.length && shared < last.length && path[shared] === last[shared]) shared++;
  return shared;
}
