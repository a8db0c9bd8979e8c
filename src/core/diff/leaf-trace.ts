import { equalValues } from "../value/equal.js";
import { findPart } from "../value/find-part.js";
import { isPlainArray, isPlainObject } from "../value/plain.js";
import { diffValues } from "./diff-values.js";
import type { Change, Path } from "./difference.js";
import { listSequentialPaths } from "./sequential-paths.js";

/** A part of a value that has no parts of its own: a scalar, an empty container, or what is not plain. */
export interface Leaf {
  readonly path: Path;
  readonly value: unknown;
}

/**
 * Follows the leaves of a value back through the values before it, to where each came from. Elements of arrays
 * are followed by what differs between two values, so that one that was only moved on by an insertion before it
 * is the same.
 */
export class LeafTrace {
  /** All leaves, in document order. */
  readonly leaves: Leaf[] = [];
  /** Those not explained yet, each where it was in the value that was looked at last. */
  #root: Node | undefined;

  /** Begins with the leaves of what is at `path` in a value. */
  constructor(value: unknown, path: Path = []) {
    const part = findPart(value, path);
    if (part !== undefined) this.#root = around(this.#plant(part.value, path), path);
  }

  /** Whether it is known of all leaves where they came from. */
  get isDone(): boolean {
    return this.#root === undefined;
  }

  /** Gives the leaves that were not there before: none of what is left, where there was nothing before. */
  stepBack(before: { readonly value: unknown } | undefined, after: unknown): readonly Leaf[] {
    const root = this.#root;
    if (root === undefined) return [];
    // Most changes of a key leave most leaves where they are; to see that takes less than a difference does.
    if (before !== undefined && isSame(root, before)) return [];
    const back = new StepBack();
    this.#root = before === undefined ? back.end(root) : back.undo(root, stepsOf(before.value, after), 0);
    return back.explained;
  }

  #plant(value: unknown, path: Path): Node {
    const parts = partsOf(value);
    if (parts.length > 0) {
      return { children: new Map(parts.map(([step, part]) => [step, this.#plant(part, [...path, step])])) };
    }
    const leaf = { path, value };
    this.leaves.push(leaf);
    return { leaf };
  }
}

/** Leaves by where they are: a leaf, or a container with leaves in it. An array's indexes are in order. */
type Node = { readonly leaf: Leaf } | { readonly children: Children };
type Children = ReadonlyMap<string | number, Node>;

function around(node: Node, path: Path): Node {
  return path.reduceRight<Node>((inner, step) => ({ children: new Map([[step, inner]]) }), node);
}

function partsOf(value: unknown): readonly (readonly [string | number, unknown])[] {
  if (typeof value !== "object" || value === null) return [];
  if (isPlainArray(value)) return [...value.entries()];
  return isPlainObject(value) ? Object.entries(value) : [];
}

/** Whether all leaves are in a value where they are now. */
function isSame(node: Node, part: { readonly value: unknown } | undefined): boolean {
  if (part === undefined) return false;
  if ("leaf" in node) return equalValues(node.leaf.value, part.value);
  for (const [step, child] of node.children) {
    if (!isSame(child, findPart(part.value, [step]))) return false;
  }
  return true;
}

/** A change, with its place in the value as the changes before it leave it. */
interface Step {
  readonly change: Change;
  readonly path: Path;
}

function stepsOf(before: unknown, after: unknown): readonly Step[] {
  const difference = diffValues(before, after);
  const paths = listSequentialPaths(difference);
  return difference.map((change, place) => ({ change, path: paths[place] ?? [] }));
}

/** One way back from a value to the one before: each leaf goes to where it was, or is found to be new. */
class StepBack {
  readonly explained: Leaf[] = [];

  /** Explains all leaves of a node; nothing is left of it. */
  end(node: Node): Node | undefined {
    if ("leaf" in node) this.explained.push(node.leaf);
    else for (const child of node.children.values()) this.end(child);
    return undefined;
  }

  /** Undoes steps that lead through a node; gives what is left of it, in its place before. */
  undo(node: Node, steps: readonly Step[], depth: number): Node | undefined {
    const [first] = steps;
    if (first === undefined) return node;
    const { change, path } = first;
    if (path.length === depth)
      return change.kind === "changed" ? this.#keepSame(node, change.before) : this.end(node);
    // A leaf that something was taken out of was made by that.
    if ("leaf" in node) return this.end(node);
    const children =
      typeof path[depth] === "number"
        ? this.#undoArray(node.children, steps, depth)
        : this.#undoObject(node.children, steps, depth);
    return children.size === 0 ? undefined : { children };
  }

  /** Undoes steps inside an array: what stands behind an insertion was further to the front. */
  #undoArray(children: Children, steps: readonly Step[], depth: number): Children {
    const groups = groupSteps(steps, depth);
    const touching = new Map(groups.filter(({ gain }) => gain >= 0).map((group) => [group.place, group]));
    const moves = groups.flatMap(({ place, gain }) =>
      gain === 0 ? [] : [{ from: Number(place) + (gain > 0 ? 1 : 0), gain }],
    );
    const left = new Map<string | number, Node>();
    let [next, gained] = [0, 0];
    for (const [place, child] of children) {
      const index = Number(place);
      for (let move = moves[next]; move !== undefined && move.from <= index; move = moves[++next]) {
        gained += move.gain;
      }
      const group = touching.get(index);
      const rest = group === undefined ? child : this.#undoInside(child, group, depth);
      if (rest !== undefined) left.set(index - gained, rest);
    }
    return left;
  }

  #undoObject(children: Children, steps: readonly Step[], depth: number): Children {
    const left = new Map(children);
    for (const group of groupSteps(steps, depth)) {
      const child = children.get(group.place);
      // What was removed is not among the leaves of what came after.
      const rest = child === undefined ? undefined : this.#undoInside(child, group, depth);
      if (rest === undefined) left.delete(group.place);
      else left.set(group.place, rest);
    }
    return left;
  }

  #undoInside(child: Node, { steps, gain }: Group, depth: number): Node | undefined {
    return gain > 0 ? this.end(child) : this.undo(child, steps, depth + 1);
  }

  /** Keeps the leaves that are in the same place of a part that was changed as a whole. */
  #keepSame(node: Node, before: unknown): Node | undefined {
    if ("leaf" in node) return equalValues(node.leaf.value, before) ? node : this.end(node);
    const left = new Map<string | number, Node>();
    for (const [step, child] of node.children) {
      const part = findPart(before, [step]);
      const rest = part === undefined ? this.end(child) : this.#keepSame(child, part.value);
      if (rest !== undefined) left.set(step, rest);
    }
    return left.size === 0 ? undefined : { children: left };
  }
}

/** Steps that lead into one part of a container; or one step that adds it, or takes it away. */
interface Group {
  readonly place: string | number;
  readonly steps: readonly Step[];
  /** How many parts the container gains by it. */
  readonly gain: -1 | 0 | 1;
}

function groupSteps(steps: readonly Step[], depth: number): readonly Group[] {
  const groups: (Group & { readonly steps: Step[] })[] = [];
  for (const step of steps) {
    const place = step.path[depth] ?? "";
    const gain = step.path.length > depth + 1 ? 0 : gains[step.change.kind];
    const group = groups.at(-1);
    if (group?.place === place && group.gain === 0 && gain === 0) group.steps.push(step);
    else groups.push({ place, steps: [step], gain });
  }
  return groups;
}

const gains = { added: 1, removed: -1, changed: 0 } as const;
