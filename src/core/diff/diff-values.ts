import { ContextError } from "../errors.js";
import { formatPath } from "../value/path.js";
import type { Dictionary } from "../value/plain.js";
import { maximumLevels } from "../value/walk.js";
import { listParts } from "./array-parts.js";
import { Budget } from "./budget.js";
import type { Change, Difference, Path } from "./difference.js";
import { findContainers } from "./likeness.js";
import { Sameness } from "./sameness.js";
import { diffTexts, isLongText } from "./text-diff.js";

/**
 * Tells how one value became another, both as the store holds them: equal is what `equalValues` says, so the
 * order of an object's keys is no difference. Plain objects and arrays are looked into, anything else is
 * changed as a whole. An array's elements are followed by their content; identical parts cost nothing.
 *
 * Time and memory are bounded: what differs too much, or comes after very many changes, is changed as a whole.
 * @throws {ContextError} VALUE_TOO_DEEP where it would have to look deeper than 500 levels
 * @example diffValues({ steps: [1, 2] }, { steps: [0, 1, 2] }) // [{ kind: "added", path: ["steps", 0], after: 0 }]
 */
export function diffValues(before: unknown, after: unknown): Difference {
  return diffWithin(before, after, maximumLevels);
}

/**
 * Does what {@link diffValues} does, looking so many levels down at most.
 * @throws {ContextError} VALUE_TOO_DEEP
 */
export function diffWithin(before: unknown, after: unknown, levels: number): Difference {
  const walk = new DiffWalk(levels);
  if (!walk.sameness.isSurelySame(before, after)) walk.visit(before, after, { before: [], after: [] });
  return walk.changes;
}

/** Where a part is in the earlier and in the later value. */
interface Place {
  readonly before: Path;
  readonly after: Path;
}

class DiffWalk {
  readonly sameness: Sameness;
  readonly changes: Change[] = [];
  readonly #levels: number;
  readonly #budget = new Budget();

  constructor(levels: number) {
    this.sameness = new Sameness(levels);
    this.#levels = levels;
  }

  /** Notes how two values differ, if they do. */
  visit(before: unknown, after: unknown, place: Place): void {
    const pair = findContainers(before, after);
    if (pair === undefined) {
      this.#replace(before, after, place);
      return;
    }
    if (place.after.length >= this.#levels) {
      throw new ContextError("VALUE_TOO_DEEP", {
        path: formatPath("value", place.after),
        limit: this.#levels,
      });
    }
    if (pair.kind === "arrays") this.#visitArrays(pair.before, pair.after, place);
    else this.#visitObjects(pair.before, pair.after, place);
  }

  /** Does not look inside; whether there is a difference at all may not be known yet. */
  #giveUp(before: unknown, after: unknown, place: Place): void {
    if (!this.sameness.isSame(before, after)) this.#replace(before, after, place);
  }

  #replace(before: unknown, after: unknown, { after: path }: Place): void {
    const isText = isLongText(before) && isLongText(after);
    const text = isText ? { text: diffTexts(before, after, this.#budget) } : {};
    this.changes.push({ kind: "changed", path, before, after, ...text });
  }

  #visitObjects(before: Dictionary, after: Dictionary, place: Place): void {
    const added = Object.keys(after).filter((key) => !Object.hasOwn(before, key));
    const others = Object.keys(before).filter(
      (key) => !Object.hasOwn(after, key) || !this.sameness.isSurelySame(before[key], after[key]),
    );
    if (!this.#budget.reserve(added.length + others.length, place.after.length)) {
      this.#giveUp(before, after, place);
      return;
    }
    for (const key of others) {
      if (Object.hasOwn(after, key)) this.visit(before[key], after[key], step(place, key, key));
      else this.changes.push({ kind: "removed", path: [...place.before, key], before: before[key] });
    }
    for (const key of added) {
      this.changes.push({ kind: "added", path: [...place.after, key], after: after[key] });
    }
  }

  #visitArrays(before: readonly unknown[], after: readonly unknown[], place: Place): void {
    const most = this.#budget.countThatFit(place.after.length);
    const parts = listParts(before, after, { sameness: this.sameness, budget: this.#budget, most });
    if (parts === undefined || !this.#budget.reserve(parts.length, place.after.length)) {
      this.#replace(before, after, place);
      return;
    }
    for (const part of parts) {
      switch (part.kind) {
        case "removed":
          this.changes.push({ kind: "removed", path: [...place.before, part.i], before: before[part.i] });
          break;
        case "added":
          this.changes.push({ kind: "added", path: [...place.after, part.j], after: after[part.j] });
          break;
        case "inside":
          this.visit(before[part.i], after[part.j], step(place, part.i, part.j));
          break;
        case "replaced":
          this.#replace(before[part.i], after[part.j], step(place, part.i, part.j));
      }
    }
  }
}

function step(place: Place, before: string | number, after: string | number): Place {
  const path = [...place.after, after];
  return {
    after: path,
    before: place.before === place.after && before === after ? path : [...place.before, before],
  };
}
