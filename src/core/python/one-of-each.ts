import { Complete, Container, Name, type PythonValue } from "./python-value.js";

/** How deep containers are looked into; what is deeper is refused anyway, once it is to become a value. */
const deepest = 600;
/** How many containers of one hash are compared. */
const mostCompared = 8;

/**
 * Makes equal values the same one. A session has its data about ten times, once a snapshot; only what is different
 * stays in memory.
 */
export class OneOfEach {
  readonly #known = new Map<number, Container[]>();
  readonly #complete = new Map<string, Complete>();

  /** Does it for a container whose parts are as they are to stay; gives the one that stands for it from then on. */
  close(container: Container): Container {
    const hash = hashOf(container);
    const alike = this.#known.get(hash);
    const known = alike?.find((other) => isSame(other, container));
    if (known !== undefined) return known;
    container.hash = hash;
    if (alike === undefined) this.#known.set(hash, [container]);
    else if (alike.length < mostCompared) alike.push(container);
    return container;
  }

  /**
   * Does it for all that is in a container, and tells what was replaced by what. Nothing is done where something
   * contains itself.
   */
  replaceParts(whole: Container): ReadonlyMap<Container, Container> {
    const replaced = new Map<Container, Container>();
    if (!this.#isFinite(whole, new Map(), 0)) return replaced;
    const partOf = (part: PythonValue): PythonValue => {
      if (part instanceof Complete) return this.#oneComplete(part);
      if (!(part instanceof Container) || part.hash !== 0) return part;
      const known = replaced.get(part);
      if (known !== undefined) return known;
      replaceItems(part, partOf);
      const one = this.close(part);
      replaced.set(part, one);
      return one;
    };
    replaceItems(whole, partOf);
    return replaced;
  }

  #oneComplete(value: Complete): Complete {
    const name = `${value.kind} ${value.text}`;
    const known = this.#complete.get(name);
    if (known !== undefined) return known;
    this.#complete.set(name, value);
    return value;
  }

  /** Whether nothing in it contains itself, or is too deep to tell. */
  #isFinite(container: Container, looked: Map<Container, "open" | "done">, depth: number): boolean {
    if (container.hash !== 0) return true;
    const state = looked.get(container);
    if (state !== undefined) return state === "done";
    if (depth > deepest) return false;
    looked.set(container, "open");
    const isFinite = container.items.every(
      (part) => !(part instanceof Container) || this.#isFinite(part, looked, depth + 1),
    );
    looked.set(container, "done");
    return isFinite;
  }
}

function replaceItems(container: Container, partOf: (part: PythonValue) => PythonValue): void {
  const { items } = container;
  for (let i = 0; i < items.length; i++) {
    const part = items[i];
    if (part !== undefined) items[i] = partOf(part);
  }
}

/** Tells by identity: the parts were made the same before. */
function isSame(a: Container, b: Container): boolean {
  if (a.kind !== b.kind || a.rule !== b.rule || a.items.length !== b.items.length) return false;
  return a.items.every((part, i) => isSamePart(part, b.items[i]));
}

function isSamePart(a: PythonValue, b: PythonValue | undefined): boolean {
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
