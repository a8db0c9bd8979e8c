import { Complete, Container, Name, type PythonValue } from "./python-value.js";

/** How deep containers are looked into; what is deeper is refused anyway, once it is to become a value. */
const deepest = 600;
/** How many containers of one hash are compared. */
const mostCompared = 8;
/** How many hashes are remembered; a Map can hold twice as many. */
const mostKnown = 8_000_000;

/**
 * Makes equal values the same one. A session has its data about ten times, once a snapshot; only what is different
 * stays in memory.
 */
export class OneOfEach {
  readonly #known = new Map<number, Container>();
  readonly #complete = new Map<string, Complete>();
  /** The containers around the one that is looked into. */
  readonly #around = new Set<Container>();

  /** Does it for a container whose parts are as they are to stay; gives the one that stands for it from then on. */
  close(container: Container): Container {
    const hash = hashOf(container);
    const first = this.#known.get(hash);
    let compared = 0;
    for (let other = first; other !== undefined && compared < mostCompared; other = other.link) {
      if (isSame(other, container)) return other;
      compared += 1;
    }
    container.hash = hash;
    if (compared < mostCompared && this.#known.size < mostKnown) {
      container.link = first;
      this.#known.set(hash, container);
    }
    return container;
  }

  /**
   * Does it for all that is in a container; what has another that stands for it links to that one then. What
   * contains itself stays as it is, and so does what is around it.
   */
  replaceParts(whole: Container): void {
    const { items } = whole;
    for (let i = 0; i < items.length; i++) {
      const part = items[i];
      if (part instanceof Complete) items[i] = this.#oneComplete(part);
      else if (part instanceof Container) items[i] = this.#one(part);
    }
  }

  #one(part: Container): Container {
    if (part.hash !== 0) return part;
    if (part.link !== undefined) return part.link;
    if (this.#around.has(part) || this.#around.size > deepest) return part;
    this.#around.add(part);
    this.replaceParts(part);
    this.#around.delete(part);
    const isWhole = part.items.every((inner) => !(inner instanceof Container) || inner.hash !== 0);
    const one = isWhole ? this.close(part) : part;
    if (one.hash === 0 || one !== part) part.link = one;
    return one;
  }

  #oneComplete(value: Complete): Complete {
    const name = `${value.kind} ${value.text}`;
    const known = this.#complete.get(name);
    if (known !== undefined) return known;
    if (this.#complete.size < mostKnown) this.#complete.set(name, value);
    return value;
  }
}

/** Tells by identity: the parts were made the same before. */
function isSame(a: Container, b: Container): boolean {
  if (a.kind !== b.kind || a.rule !== b.rule || a.items.length !== b.items.length) return false;
  for (let i = 0; i < a.items.length; i++) if (!isSamePart(a.items[i], b.items[i])) return false;
  return true;
}

function isSamePart(a: PythonValue | undefined, b: PythonValue | undefined): boolean {
  if (Object.is(a, b)) return true;
  return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0;
}

function hashOf({ kind, items }: Container): number {
  let hash = mixText(items.length, kind);
  for (const part of items) hash = mix(hash, partHash(part));
  return hash === 0 ? 1 : hash;
}

function partHash(part: PythonValue): number {
  if (typeof part === "string") return mixText(1, part);
  if (typeof part === "number")
    return Number.isSafeInteger(part) ? mix(2, part | 0) : mixText(2, String(part));
  if (part instanceof Container) return part.hash;
  if (part instanceof Complete) return mixText(3, part.text);
  if (part instanceof Uint8Array) return mix(4, part.length);
  return part instanceof Name ? mixText(5, part.name) : mixText(6, String(part));
}

/** Enough of a text to tell most apart: its length, its ends, and some of what lies between. */
function mixText(seed: number, text: string): number {
  let hash = mix(seed, text.length);
  const step = Math.max(1, Math.floor(text.length / 32));
  for (let i = 0; i < text.length; i += step) hash = mix(hash, text.charCodeAt(i));
  return hash;
}

function mix(hash: number, value: number): number {
  return (Math.imul(hash ^ value, 0x01000193) ^ (hash >>> 15)) | 0;
}
