import { kinds } from "./index.js";
import type { Kind } from "./kind.js";

const byPrototype = new Map(kinds.flatMap((kind) => kind.prototypes.map((prototype) => [prototype, kind])));
const byTag = new Map(kinds.map((kind) => [kind.tag, kind]));

/** Finds the kind of an object; an instance of a subclass has none. */
export function findKind(value: object): Kind | undefined {
  return byPrototype.get(Object.getPrototypeOf(value) as object);
}

/** Gets the kind of an object that the store holds. */
export function getKind(value: object): Kind {
  const kind = findKind(value);
  if (kind === undefined)
    throw new Error("A held value contains an object of no known kind; the bug is ours.");
  return kind;
}

/** Finds the kind that a tag in stored text names. */
export function findKindByTag(tag: string): Kind | undefined {
  return byTag.get(tag);
}
