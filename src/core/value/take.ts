import { ContextError, isContextError } from "../errors.js";
import { thaw } from "./copy.js";
import { ErasedValue } from "./erased.js";
import { holdInstance, type ValueClass } from "./instances.js";
import { findKind } from "./kinds/find-kind.js";
import type { Kind } from "./kinds/kind.js";
import { freezeKnown, knownHeight } from "./known.js";
import { plainOf } from "./lazy-copy.js";
import { formatPath, type Segment } from "./path.js";
import { copyShallow, type Dictionary, isPlainArray, isPlainObject, isWrapped } from "./plain.js";
import { describe, findArrayObjection, findObjectObjection, type Objection } from "./objection.js";
import { maximumLevels, Walk } from "./walk.js";

/** Objects and arrays in one value. Few objects that refer to each other can stand for more than memory holds. */
const maximumObjects = 2_000_000;

const nothingFresh: ReadonlySet<object> = new Set();

/**
 * One walk through one value that comes in: checks each part, copies it, freezes the copy. What we froze
 * before is kept as it is. A part's `level` is the number of containers around it in the encoding.
 */
export class TakeWalk extends Walk {
  /** The objects around the present part, and the step taken from each. */
  readonly #ancestors: object[] = [];
  readonly #trail: Segment[] = [];
  readonly #name: string;
  readonly #classes: readonly ValueClass[];
  readonly #fresh: ReadonlySet<object>;
  /** Of all strings that were walked. */
  characters = 0;
  #objects = 0;

  /** `fresh` objects are plain, regular, and nobody else's: they need no copy. */
  constructor(
    name: string,
    classes: readonly ValueClass[],
    {
      levels = maximumLevels,
      fresh = nothingFresh,
    }: { levels?: number; fresh?: ReadonlySet<object> | undefined } = {},
  ) {
    super(levels);
    this.#name = name;
    this.#classes = classes;
    this.#fresh = fresh;
  }

  /** Gives the frozen copy. */
  run(value: unknown): unknown {
    try {
      return this.#visit(value, 0);
    } catch (error) {
      if (isContextError(error)) throw error;
      throw this.#refusal({ what: "a value that fails when it is read" }, error);
    }
  }

  /** Must be called once nothing can be refused any more. */
  commit(): void {
    // A copy was frozen as soon as it was made, since nobody else has it.
  }

  /** Whether a value that was erased is let through. */
  protected readonly takesErased: boolean = false;

  protected copyArray(value: unknown[]): unknown[] {
    return [...value];
  }

  protected copyObject(value: Dictionary): Dictionary {
    return copyShallow(value);
  }

  protected keep(copy: object, height: number): void {
    if (this.isSharable) freezeKnown(copy, height);
    else Object.freeze(copy);
  }

  /** Objects to anything but plain data, before it is looked at. */
  protected findSpecialObjection?(value: object): Objection | undefined;

  protected override tooDeep(): Error {
    return new ContextError("VALUE_TOO_DEEP", { path: this.#path(), limit: maximumLevels });
  }

  #visit(value: unknown, level: number): unknown {
    switch (typeof value) {
      case "object":
        return value === null ? null : this.#visitObject(value, level);
      case "number":
        if (!Number.isFinite(value) || Object.is(value, -0)) this.tag(level);
        return value;
      case "bigint":
      case "undefined":
        this.tag(level);
        return value;
      case "function":
      case "symbol":
        throw this.#refusal({ what: `a ${typeof value}` });
      case "string":
        this.characters += value.length;
        return value;
      case "boolean":
        return value;
    }
  }

  #visitObject(value: object, level: number): unknown {
    const height = knownHeight(value);
    if (height !== undefined) {
      this.reuse(level, height);
      return value;
    }
    if (this.#ancestors.includes(value)) {
      throw this.#refusal({ what: "a reference to something that contains it" });
    }
    if (++this.#objects > maximumObjects) {
      throw this.#refusal({ what: `beyond the first ${maximumObjects} objects of one value` });
    }
    if (isPlainArray(value)) return this.#visitArray(value, level);
    if (isPlainObject(value)) return this.#visitPlainObject(value, level);
    return this.#visitSpecial(value, level);
  }

  #visitArray(value: unknown[], level: number): unknown {
    const copy = this.#isFresh(value) ? value : this.#checkedArray(value);
    const outer = this.enter(level + 1);
    const depth = this.#ancestors.push(value) - 1;
    for (let i = 0; i < copy.length; i++) {
      this.#trail[depth] = i;
      const part = copy[i];
      const kept = this.#visit(part, level + 1);
      if (!Object.is(kept, part)) copy[i] = kept;
    }
    this.#ancestors.pop();
    this.keep(copy, this.height(level));
    this.leave(outer);
    return copy;
  }

  #visitPlainObject(value: Dictionary, level: number): unknown {
    const copy = this.#isFresh(value) ? value : this.#checkedObject(value);
    const wrapped = isWrapped(copy);
    const inner = level + (wrapped ? 2 : 1);
    const outer = this.enter(inner);
    if (wrapped) this.isTagged = true;
    const depth = this.#ancestors.push(value) - 1;
    for (const key of Object.keys(copy)) {
      this.#trail[depth] = key;
      const part = copy[key];
      const kept = this.#visit(part, inner);
      if (!Object.is(kept, part)) copy[key] = kept;
    }
    this.#ancestors.pop();
    this.keep(copy, this.height(level));
    this.leave(outer);
    return copy;
  }

  /** What was fresh and met before may be frozen by now, with copies in it that are not for use twice. */
  #isFresh(value: object): boolean {
    return this.#fresh.has(value) && Object.isExtensible(value);
  }

  #checkedArray(value: unknown[]): unknown[] {
    this.#check(findArrayObjection(value));
    return this.copyArray(value);
  }

  #checkedObject(value: Dictionary): Dictionary {
    const objection = findObjectObjection(value);
    if (objection === undefined) return this.copyObject(value);
    // What was copied for a phase may be handed in as a whole. It is plain as far as this objects to nothing.
    const plain = (plainOf(value) ?? value) as Dictionary;
    this.#check(plain === value ? objection : findObjectObjection(plain));
    return this.copyObject(plain);
  }

  #visitSpecial(value: object, level: number): object {
    if (value instanceof ErasedValue && this.takesErased) {
      this.tag(level);
      return value;
    }
    this.#check(this.findSpecialObjection?.(value));
    this.isTagged = true;
    const valueClass = this.#classes.find((candidate) => candidate.is(value));
    const copy =
      valueClass === undefined
        ? this.#visitKind(value, findKind(value), level)
        : this.#visitInstance(value, valueClass, level);
    this.isSharable = false;
    return copy;
  }

  #visitKind(value: object, kind: Kind | undefined, level: number): object {
    if (kind === undefined) throw this.#refusal({ what: describe(value) });
    this.#check(kind.findObjection(value));
    this.reach(level + kind.levels(value));
    this.#ancestors.push(value);
    const copy = kind.copy(value, (part, segment, levels) => this.#visitPart(part, segment, level + levels));
    this.#ancestors.pop();
    return copy;
  }

  #visitInstance(value: object, valueClass: ValueClass, level: number): object {
    this.reach(level + 1);
    const raw = valueClass.encode(value);
    this.#ancestors.push(value);
    const encoded = this.#visitPart(raw, { call: "encode()" }, level + 1);
    this.#ancestors.pop();
    return holdInstance({ valueClass, encoded }, thaw(encoded));
  }

  #visitPart(part: unknown, segment: Segment, level: number): unknown {
    this.#trail[this.#ancestors.length - 1] = segment;
    return this.#visit(part, level);
  }

  #check(objection: Objection | undefined): void {
    if (objection !== undefined) throw this.#refusal(objection);
  }

  #refusal({ what, at }: Objection, cause?: unknown): ContextError {
    const path = this.#path(at);
    return new ContextError("VALUE_UNSUPPORTED", { path, what }, cause === undefined ? undefined : { cause });
  }

  #path(at?: Segment): string {
    const segments = this.#trail.slice(0, this.#ancestors.length);
    return formatPath(this.#name, at === undefined ? segments : [...segments, at]);
  }
}
