import fc from "fast-check";
import { createCodec } from "../../src/core/value/codec.js";
import { isPlainArray, isPlainObject } from "../../src/core/value/plain.js";
import { anyKey } from "./values.js";

/** One edit somewhere inside a value; the numbers choose where. */
interface Edit {
  readonly kind: "set" | "delete" | "insert" | "move" | "repeat" | "wrap" | "text";
  readonly container: number;
  readonly place: number;
  readonly key: string;
  readonly value: unknown;
}

type Dictionary = Record<string, unknown>;
type Container = unknown[] | Dictionary;

const codec = createCodec();

/** Two values, of which the second is often the first one with a few edits. */
export function anyPair(value: fc.Arbitrary<unknown>): fc.Arbitrary<readonly [unknown, unknown]> {
  const edited = fc
    .tuple(value, fc.array(anyEdit(value), { maxLength: 4 }))
    .map(([before, edits]) => [before, edit(before, edits)] as const);
  return fc.oneof({ weight: 4, arbitrary: edited }, { weight: 1, arbitrary: fc.tuple(value, value) });
}

function anyEdit(value: fc.Arbitrary<unknown>): fc.Arbitrary<Edit> {
  return fc.record({
    kind: fc.constantFrom("set", "delete", "insert", "move", "repeat", "wrap", "text"),
    container: fc.nat(),
    place: fc.nat(),
    key: anyKey().filter((key) => key !== "$type"),
    value,
  });
}

/** Gives an edited deep copy. */
function edit(before: unknown, edits: readonly Edit[]): unknown {
  const box = { root: codec.thaw(codec.take(before, "value")) };
  for (const one of edits) {
    const containers = listContainers(box.root);
    const container = containers[one.container % Math.max(1, containers.length)];
    if (container === undefined) box.root = one.value;
    else if (isPlainArray(container)) editArray(container, one);
    else editObject(container, one);
  }
  return box.root;
}

function editArray(array: unknown[], { kind, place, value }: Edit): void {
  const i = place % Math.max(1, array.length);
  if (kind === "insert" || array.length === 0) array.splice(i, 0, value);
  else if (kind === "delete") array.splice(i, 1);
  else if (kind === "move") array.push(...array.splice(i, 1));
  else if (kind === "repeat") array.splice(i, 0, ...array);
  else array[i] = editPart(array[i], kind, value);
}

function editObject(object: Dictionary, { kind, place, key, value }: Edit): void {
  const keys = Object.keys(object);
  const present = keys[place % Math.max(1, keys.length)];
  if (kind === "insert" || present === undefined) define(object, key, value);
  else if (kind === "delete") delete object[present];
  else if (kind === "move") {
    const part = object[present];
    delete object[present];
    define(object, key, part);
  } else define(object, present, editPart(object[present], kind, value));
}

function editPart(part: unknown, kind: Edit["kind"], value: unknown): unknown {
  if (kind === "wrap") return [part];
  return kind === "text" && typeof part === "string" ? `${part}${part}x` : value;
}

function define(object: Dictionary, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

function listContainers(value: unknown): Container[] {
  if (typeof value !== "object" || value === null || !(isPlainArray(value) || isPlainObject(value)))
    return [];
  return [value, ...Object.values(value).flatMap(listContainers)];
}
