import type { DraftPart } from "./draft-part.js";
import { findKind } from "./kinds/find-kind.js";
import { knownHeight } from "./known.js";
import { findArrayObjection, findObjectObjection } from "./objection.js";
import { copyContainer, type Dictionary, isPlainArray, isPlainContainer } from "./plain.js";
import { recordLevels } from "./walk.js";

/** One part of what is finished: what it was, what it is now, and under which keys that may differ. */
interface Source {
  readonly base: Dictionary;
  readonly content: Dictionary;
  readonly keys: Iterable<string | number>;
}

/**
 * One walk through a draft or something that may hold parts of one. It copies where something differs and
 * nowhere else; of what is no value, it leaves the refusal to whoever takes the outcome in.
 */
export class FinishWalk {
  /** Copies that nobody else has, and that can be kept if what lies in them can. */
  readonly fresh = new Set<object>();
  readonly #partOf: (value: object) => DraftPart | undefined;
  readonly #made = new Map<object, unknown>();
  /** What the walk is in. */
  readonly #around = new Set<object>();

  constructor(partOf: (value: object) => DraftPart | undefined) {
    this.#partOf = partOf;
  }

  run(value: unknown): unknown {
    return this.#finish(value, 0);
  }

  #finish(value: unknown, level: number): unknown {
    // What lies deeper than any value may is not looked for.
    if (typeof value !== "object" || value === null || level > recordLevels) return value;
    if (knownHeight(value) !== undefined) return value;
    if (this.#made.has(value)) return this.#made.get(value);
    const part = this.#partOf(value);
    return part === undefined ? this.#finishForeign(value, level) : this.#finishPart(part, level);
  }

  #finishPart(part: DraftPart, level: number): unknown {
    const { proxy, base, content, drafted: keys = [] } = part;
    if (!part.mayDiffer) return base;
    if (!part.isTouched) return this.#adapt(proxy, { base, content, keys }, level);
    return part.isIrregular || hasHoles(content)
      ? this.#copyExactly(part, level)
      : this.#copyTouched(part, level);
  }

  /** Copies a part if something in it differs. */
  #adapt(owner: object, { base, content, keys }: Source, level: number): unknown {
    // What contains itself is no value, but whoever finds that out must find it so.
    if (this.#around.has(owner)) return this.#copyOnce(owner, base);
    this.#around.add(owner);
    for (const key of keys) {
      const made = this.#finish(content[key], level + 1);
      if (made !== base[key]) this.#copyOnce(owner, base)[key] = made;
    }
    this.#around.delete(owner);
    if (!this.#made.has(owner)) this.#made.set(owner, base);
    return this.#made.get(owner);
  }

  #copyOnce(owner: object, base: Dictionary): Dictionary {
    // Only copies of this walk's own are noted before a part is done.
    const known = this.#made.get(owner) as Dictionary | undefined;
    if (known !== undefined) return known;
    const copy = copyContainer(base);
    this.fresh.add(copy);
    this.#made.set(owner, copy);
    return copy;
  }

  #copyTouched({ proxy, base, content }: DraftPart, level: number): unknown {
    const copy = this.#copyOnce(proxy, content);
    for (const key of keysOf(copy)) {
      const part = copy[key];
      // What was not reached has no drafts in it.
      if (part !== base[key]) copy[key] = this.#finish(part, level + 1);
    }
    return copy;
  }

  #copyExactly({ proxy, content }: DraftPart, level: number): unknown {
    const copy: object = Array.isArray(content) ? [] : {};
    this.#made.set(proxy, copy);
    for (const key of Reflect.ownKeys(content)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(content, key) ?? {};
      if ("value" in descriptor) descriptor.value = this.#finish(descriptor.value, level + 1);
      Reflect.defineProperty(copy, key, descriptor);
    }
    return Object.setPrototypeOf(copy, Object.getPrototypeOf(content) as object | null);
  }

  #finishForeign(value: object, level: number): unknown {
    try {
      if (!isPlainContainer(value)) return this.#finishSpecial(value, level);
      const objection = isPlainArray(value) ? findArrayObjection(value) : findObjectObjection(value);
      if (objection !== undefined) return value;
      return this.#adapt(value, { base: value, content: value, keys: keysOf(value) }, level);
    } catch {
      // It fails when it is read; whoever takes it in will say so.
      return value;
    }
  }

  #finishSpecial(value: object, level: number): unknown {
    const kind = findKind(value);
    if (kind === undefined || this.#around.has(value) || kind.findObjection(value) !== undefined)
      return value;
    this.#around.add(value);
    let differing = 0;
    const copy = kind.copy(value, (part) => {
      const made = this.#finish(part, level + 1);
      if (made !== part) differing += 1;
      return made;
    });
    this.#around.delete(value);
    const made = differing === 0 ? value : copy;
    this.#made.set(value, made);
    return made;
  }
}

function hasHoles(content: Dictionary): boolean {
  if (!Array.isArray(content)) return false;
  // Both are fast, and a hole reads as undefined.
  return content.includes(undefined) && content.findIndex((_, i) => !Object.hasOwn(content, i)) >= 0;
}

function keysOf(container: Dictionary): Iterable<string | number> {
  return Array.isArray(container) ? container.keys() : Object.keys(container);
}
