import type { ContextError } from "../errors.js";
import { copyShallow, type Dictionary, isPlainArray, isPlainObject } from "../value/plain.js";
import { defineKey } from "./define-key.js";

/** Makes the error that says why an operation cannot be applied. */
export type Refuse = (why: string) => ContextError<"PATCH_INVALID">;

/** Steps of a JSON Pointer. */
type Steps = readonly string[];

/** A value that operations change one after the other; what it was made from is copied where it changes. */
export class JsonDocument {
  #root: unknown;
  /** The containers that were copied here: nobody else has them, so they are written to. */
  #own = new Set<object>();

  constructor(root: unknown) {
    this.#root = root;
  }

  get root(): unknown {
    return this.#root;
  }

  get(steps: Steps, refuse: Refuse): unknown {
    return steps.reduce((value, step) => getPart(asContainer(value, refuse), step, refuse), this.#root);
  }

  add(steps: Steps, value: unknown, refuse: Refuse): void {
    const last = steps.at(-1);
    if (last === undefined) {
      this.#root = value;
      return;
    }
    const parent = this.#open(steps.slice(0, -1), refuse);
    if (!isPlainArray(parent)) defineKey(parent, last, value);
    else if (last === "-") parent.push(value);
    else parent.splice(parseIndex(last, parent.length, refuse), 0, value);
  }

  replace(steps: Steps, value: unknown, refuse: Refuse): void {
    const last = steps.at(-1);
    if (last === undefined) {
      this.#root = value;
      return;
    }
    setPart(this.#open(steps.slice(0, -1), refuse), last, value, refuse);
  }

  /** Takes a part out and gives it. */
  remove(steps: Steps, refuse: Refuse): unknown {
    const last = steps.at(-1);
    if (last === undefined) throw refuse("the whole value cannot be removed, only replaced");
    const parent = this.#open(steps.slice(0, -1), refuse);
    const part = getPart(parent, last, refuse);
    if (isPlainArray(parent)) parent.splice(parseIndex(last, parent.length - 1, refuse), 1);
    else delete parent[last];
    return part;
  }

  copy(from: Steps, steps: Steps, refuse: Refuse): void {
    const part = this.get(from, refuse);
    // It will stand at two places: a write to one must not show at the other.
    if (typeof part === "object" && part !== null) this.#own = new Set();
    this.add(steps, part, refuse);
  }

  /** Gives a container that may be written to, and is part of the document. */
  #open(steps: Steps, refuse: Refuse): unknown[] | Dictionary {
    let container = this.#copyOnce(this.#root, refuse);
    this.#root = container;
    for (const step of steps) {
      const part = this.#copyOnce(getPart(container, step, refuse), refuse);
      setPart(container, step, part, refuse);
      container = part;
    }
    return container;
  }

  #copyOnce(value: unknown, refuse: Refuse): unknown[] | Dictionary {
    const container = asContainer(value, refuse);
    if (this.#own.has(container)) return container;
    const copy = isPlainArray(container) ? container.slice() : copyShallow(container);
    this.#own.add(copy);
    return copy;
  }
}

function asContainer(value: unknown, refuse: Refuse): unknown[] | Dictionary {
  if (typeof value === "object" && value !== null && (isPlainArray(value) || isPlainObject(value)))
    return value;
  throw refuse("the path leads into something that is no object and no array");
}

function getPart(container: unknown[] | Dictionary, step: string, refuse: Refuse): unknown {
  if (isPlainArray(container)) return container[parseIndex(step, container.length - 1, refuse)];
  if (!Object.hasOwn(container, step)) throw refuse("there is no such key");
  return container[step];
}

function setPart(container: unknown[] | Dictionary, step: string, part: unknown, refuse: Refuse): void {
  if (isPlainArray(container)) {
    container[parseIndex(step, container.length - 1, refuse)] = part;
    return;
  }
  if (!Object.hasOwn(container, step)) throw refuse("there is no such key");
  defineKey(container, step, part);
}

function parseIndex(step: string, greatest: number, refuse: Refuse): number {
  if (!/^(0|[1-9]\d*)$/.test(step)) throw refuse("an array is there, and this is no index of one");
  if (Number(step) > greatest) throw refuse("the array has no such element");
  return Number(step);
}
