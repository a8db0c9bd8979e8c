import { defineKey } from "../diff/define-key.js";
import { copyShallow, type Dictionary, isPlainArray, isPlainObject, isWrapped } from "../value/plain.js";
import type { DeleteEdit, Edit, EditPath, SetEdit, SpliceEdit } from "./edit.js";

/**
 * Applies edits to a value that stays as it is; what they do not touch is shared, what they change is not frozen, and
 * is among the `copies` then.
 */
export function applyToCopy(value: unknown, edits: readonly Edit[], copies = new Set<object>()): unknown {
  const own = (container: Container): Container => {
    if (copies.has(container)) return container;
    const copy = isPlainArray(container) ? [...container] : copyShallow(container);
    copies.add(copy);
    return copy;
  };
  return edits.reduce((root, edit) => apply(root, edit, own), value);
}

/** Applies edits in place, to a value that nobody else holds; gives it, or what it became. */
export function applyInPlace(value: unknown, edits: readonly Edit[]): unknown {
  return edits.reduce((root, edit) => apply(root, edit, (container) => container), value);
}

type Container = unknown[] | Dictionary;
/** Gives a container that may be changed in place of one. */
type Own = (container: Container) => Container;

function apply(root: unknown, edit: Edit, own: Own): unknown {
  if ("from" in edit) return reach(root, edit.at, own, (part) => splice(part, edit, own));
  const last = edit.at.at(-1);
  if (last === undefined) throw misfit("it replaces all of the value");
  return reach(root, edit.at.slice(0, -1), own, (part) => change(own(containerOf(part)), last, edit));
}

/** Changes the part at the end of a path; gives what then stands at its beginning. */
function reach(
  part: unknown,
  [step, ...others]: EditPath,
  own: Own,
  work: (part: unknown) => unknown,
): unknown {
  if (step === undefined) return work(part);
  const container = own(containerOf(part));
  const inner = partOf(container, step);
  const changed = reach(inner, others, own, work);
  if (changed !== inner) put(container, step, changed);
  return container;
}

function change(container: Container, step: string | number, edit: SetEdit | DeleteEdit): Container {
  if ("delete" in edit) {
    partOf(container, step);
    if (isPlainArray(container)) throw misfit("it deletes a key of a list");
    delete container[step];
    return container;
  }
  if (isPlainArray(container)) partOf(container, step);
  put(container, step, edit.set);
  return container;
}

function splice(part: unknown, { from, remove, add }: SpliceEdit, own: Own): unknown {
  if (typeof part === "string") {
    if (typeof add !== "string" || from + remove > part.length) throw misfit("it is not of this text");
    return part.slice(0, from) + add + part.slice(from + remove);
  }
  const list = own(containerOf(part));
  if (!isPlainArray(list) || typeof add === "string" || from + remove > list.length)
    throw misfit("it is not of this list");
  const tail = list.slice(from + remove);
  list.length = from;
  for (const element of add) list.push(element);
  for (const element of tail) list.push(element);
  return list;
}

function containerOf(part: unknown): Container {
  if (typeof part === "object" && part !== null) {
    if (isPlainArray(part)) return part;
    if (isPlainObject(part) && !isWrapped(part)) return part;
  }
  throw misfit("it leads into something that has no parts");
}

function partOf(container: Container, step: string | number): unknown {
  const isThere = isPlainArray(container)
    ? typeof step === "number" && step < container.length
    : typeof step === "string" && Object.hasOwn(container, step);
  if (!isThere) throw misfit("it leads to something that is not there");
  return isPlainArray(container) ? container[step as number] : container[step];
}

function put(container: Container, step: string | number, value: unknown): void {
  if (!isPlainArray(container)) defineKey(container, String(step), value);
  else container[step as number] = value;
}

function misfit(why: string): Error {
  return new Error(`A patch does not fit the value that it is on: ${why}.`);
}
