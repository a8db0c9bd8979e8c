import { ContextError } from "../errors.js";
import { thaw } from "./copy.js";
import { type ErasedValue, erasedTag, readErased } from "./erased.js";
import { holdInstance, type ValueClass } from "./instances.js";
import { findKindByTag } from "./kinds/find-kind.js";
import { freezeKnown, knownHeight } from "./known.js";
import { type Dictionary, isPlainArray, isPlainObject } from "./plain.js";
import { recordLevels, Walk } from "./walk.js";

/** Parses stored text, so far as it is JSON. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed("it is not JSON", cause);
  }
}

/** One walk through one encoded tree, which turns it into the value in place wherever that is possible. */
export class DecodeWalk extends Walk {
  readonly #classes: ReadonlyMap<string, ValueClass>;

  constructor(classes: ReadonlyMap<string, ValueClass>) {
    super(recordLevels);
    this.#classes = classes;
  }

  /** Gives the frozen value. */
  run(encoded: unknown): unknown {
    return this.#visit(encoded, 0);
  }

  protected override tooDeep(): Error {
    return malformed(`it is nested deeper than ${recordLevels} levels`);
  }

  #visit(encoded: unknown, level: number): unknown {
    if (typeof encoded === "object" && encoded !== null) return this.#visitObject(encoded, level);
    if (isJsonLeaf(encoded)) return encoded;
    throw malformed(`JSON has no such ${typeof encoded}`);
  }

  #visitObject(encoded: object, level: number): unknown {
    const height = knownHeight(encoded);
    if (height !== undefined && height > 0) {
      this.reuse(level, height);
      return encoded;
    }
    if (isPlainArray(encoded)) return this.#visitArray(encoded, level);
    if (!isPlainObject(encoded)) throw malformed("a part of it is neither an object nor an array");
    return Object.hasOwn(encoded, "$type")
      ? this.#visitTagged(encoded, level)
      : this.#visitPlainObject(encoded, encoded, level, 1);
  }

  #visitArray(tree: unknown[], level: number): unknown {
    const outer = this.enter(level + 1);
    for (let i = 0; i < tree.length; i++) {
      const part = tree[i];
      const kept = this.#visit(part, level + 1);
      if (kept !== part) tree[i] = kept;
    }
    this.#keep(tree, level);
    this.leave(outer);
    return tree;
  }

  /** Decodes the keys of `tree` into `target`, which may be the same object. */
  #visitPlainObject(tree: Dictionary, target: Dictionary, level: number, levels: 1 | 2): unknown {
    const outer = this.enter(level + levels);
    if (levels === 2) this.isTagged = true;
    for (const key of Object.keys(tree)) {
      const part = tree[key];
      const kept = this.#visit(part, level + levels);
      if (kept !== part || tree !== target) target[key] = kept;
    }
    this.#keep(target, level);
    this.leave(outer);
    return target;
  }

  #keep(target: object, level: number): void {
    if (this.isSharable) freezeKnown(target, this.height(level));
    else Object.freeze(target);
  }

  #visitTagged(tree: Dictionary, level: number): unknown {
    const { $type: tag, ...fields } = tree;
    this.tag(level);
    switch (tag) {
      case "undefined":
        if (!hasOnly(fields, [])) throw malformed("a tagged undefined is not one");
        return undefined;
      case "number":
        return decodeNumber(fields);
      case "bigint":
        return decodeBigInt(fields);
      case "object":
      case "null-prototype":
        return this.#visitWrapped(tag, fields, level);
      case "class":
        return this.#visitInstance(fields, level);
      case erasedTag:
        return decodeErased(fields);
      default:
        return this.#visitKind(tag, fields, level);
    }
  }

  #visitWrapped(tag: string, fields: Dictionary, level: number): unknown {
    const inner = fields.value;
    if (!hasOnly(fields, ["value"]) || typeof inner !== "object" || inner === null || !isPlainObject(inner)) {
      throw malformed(`a tagged ${tag} is not one`);
    }
    if (tag === "object") return this.#visitPlainObject(inner, inner, level, 2);
    return this.#visitPlainObject(inner, Object.create(null) as Dictionary, level, 2);
  }

  #visitInstance(fields: Dictionary, level: number): unknown {
    const { name, value } = fields;
    if (!hasOnly(fields, ["name", "value"]) || typeof name !== "string" || value === undefined) {
      throw malformed("a tagged class is not one");
    }
    const valueClass = this.#classes.get(name);
    if (valueClass === undefined) throw new ContextError("CLASS_UNKNOWN", { name });
    const encoded = this.#visit(value, level + 1);
    this.isSharable = false;
    try {
      return holdInstance({ valueClass, encoded }, thaw(encoded));
    } catch (cause) {
      throw malformed(`the registered class ${JSON.stringify(name)} cannot decode it`, cause);
    }
  }

  #visitKind(tag: unknown, fields: Dictionary, level: number): unknown {
    const kind = typeof tag === "string" ? findKindByTag(tag) : undefined;
    if (kind === undefined) throw malformed("it has a tag that this release does not know");
    const value = hasOnly(fields, kind.fields)
      ? kind.decode(fields, (part, levels) => this.#visit(part, level + levels))
      : undefined;
    if (value === undefined) throw malformed(`a tagged ${kind.tag} is not one`);
    this.isSharable = false;
    return value;
  }
}

function isJsonLeaf(encoded: unknown): boolean {
  if (typeof encoded === "number") return Number.isFinite(encoded) && !Object.is(encoded, -0);
  return encoded === null || typeof encoded === "string" || typeof encoded === "boolean";
}

function decodeNumber(fields: Dictionary): number {
  const { value } = fields;
  const isOne = value === "NaN" || value === "Infinity" || value === "-Infinity" || value === "-0";
  if (!hasOnly(fields, ["value"]) || !isOne) throw malformed("a tagged number is not one");
  return Number(value);
}

function decodeBigInt(fields: Dictionary): bigint {
  const { value } = fields;
  if (!hasOnly(fields, ["value"]) || typeof value !== "string" || !/^(0|-?[1-9]\d*)$/.test(value)) {
    throw malformed("a tagged bigint is not one");
  }
  return BigInt(value);
}

function decodeErased(fields: Dictionary): ErasedValue {
  const erased = readErased(fields);
  if (erased === undefined) throw malformed("a tagged erasure is not one");
  return erased;
}

function hasOnly(fields: Dictionary, allowed: readonly string[]): boolean {
  return Object.keys(fields).every((key) => allowed.includes(key));
}

/** Says that text is none of ours; whoever reads the store knows which event it is in and wraps this. */
function malformed(why: string, cause?: unknown): Error {
  return new Error(`The stored text is not a value encoding: ${why}.`, cause === undefined ? {} : { cause });
}
