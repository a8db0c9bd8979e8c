import { encode } from "../value/encode.js";
import { type Dictionary, isPlainArray, isPlainObject, isWrapped } from "../value/plain.js";
import { stringify } from "../value/stringify.js";
import { type Edit, type EditPath, withParts } from "./edit.js";
import { commas, encodedSize, memberSize, textSize } from "./encoded-size.js";
import { type Effort, hasSameEncoding } from "./same-encoding.js";
import { spliceOfTexts } from "./splice-of-texts.js";

/** What turns one value into another, as encoded text, and by how many bytes the value's encoding grows. */
export interface Patch {
  readonly text: string;
  readonly growth: number;
}

/** Parts that are looked at for one patch: some tenths of a second at most. */
const mostEffort = 5_000_000;

/** An edit takes up about so much beside its path and what it brings. */
const bytesPerEdit = 32;

/**
 * Finds a patch that makes a value's encoding another's to the letter, keys in their order. Gives nothing where
 * it would take more than so many bytes, or nothing of the value would be left. Both values are held ones: parts
 * that they share are not looked into.
 */
export function makePatch(before: unknown, after: unknown, mostBytes: number): Patch | undefined {
  const maker = new PatchMaker(mostBytes);
  maker.visit(before, after, []);
  if (maker.isTooMuch) return undefined;
  const text = stringify(maker.edits.map((edit) => withParts(edit, encode)));
  return Buffer.byteLength(text) > mostBytes ? undefined : { text, growth: maker.growth };
}

class PatchMaker {
  readonly edits: Edit[] = [];
  growth = 0;
  readonly #effort: Effort = { left: mostEffort };
  #bytesLeft: number;

  constructor(mostBytes: number) {
    this.#bytesLeft = mostBytes;
  }

  get isTooMuch(): boolean {
    return this.#bytesLeft < 0 || this.#effort.left < 0;
  }

  visit(before: unknown, after: unknown, path: EditPath): void {
    if (Object.is(before, after) || this.isTooMuch) return;
    this.#effort.left -= 1;
    if (typeof before === "string" && typeof after === "string") this.#visitTexts(before, after, path);
    else if (isList(before) && isList(after)) this.#visitLists(before, after, path);
    else if (isRecord(before) && isRecord(after)) this.#visitRecords(before, after, path);
    else if (!this.#isSame(before, after)) this.#replace(before, after, path);
  }

  #visitTexts(before: string, after: string, at: EditPath): void {
    const splice = spliceOfTexts(before, after);
    if (splice === undefined) {
      this.#replace(before, after, at);
      return;
    }
    const { from, remove, add } = splice;
    const added = textSize(add);
    this.#push({ at, from, remove, add }, added);
    this.growth += added - textSize(before.slice(from, from + remove));
  }

  #visitLists(before: readonly unknown[], after: readonly unknown[], path: EditPath): void {
    const shorter = Math.min(before.length, after.length);
    // Most elements of a long list are shared: those are told at once, without a call for each.
    const isSame = (i: number, j: number) =>
      Object.is(before[i], after[j]) || this.#isSame(before[i], after[j]);
    let first = 0;
    while (first < shorter && isSame(first, first)) first++;
    let last = 0;
    // Counted from the front, since `at` is slow on what is frozen.
    while (last < shorter - first && isSame(before.length - 1 - last, after.length - 1 - last)) last++;
    const [had, has] = [before.length - first - last, after.length - first - last];
    this.growth += commas(after.length) - commas(before.length);
    const dropped = had === 0 || has === 0 ? 0 : this.#countDropped(before, after, first, had);
    if (dropped > 0) {
      const kept = had - dropped;
      this.#splice(before, after, path, { from: first, to: first, remove: dropped, add: 0 });
      this.#splice(before, after, path, { from: first + had, to: first + kept, remove: 0, add: has - kept });
      return;
    }
    const pairs = Math.min(had, has);
    for (let i = first; i < first + pairs; i++) this.visit(before[i], after[i], [...path, i]);
    const from = first + pairs;
    this.#splice(before, after, path, { from, to: from, remove: had - pairs, add: has - pairs });
  }

  /** How many elements were taken away in front of others that moved up, as where a list keeps its newest. */
  #countDropped(before: readonly unknown[], after: readonly unknown[], first: number, had: number): number {
    for (let dropped = 1; dropped < had && !this.isTooMuch; dropped++) {
      const kept = had - dropped;
      if (first + kept > after.length || !this.#isSame(before[first + dropped], after[first])) continue;
      let same = 1;
      while (same < kept && this.#isSame(before[first + dropped + same], after[first + same])) same++;
      if (same === kept) return dropped;
    }
    return 0;
  }

  /** Replaces some elements; they stand at `from` before, and at `to` after. */
  #splice(
    before: readonly unknown[],
    after: readonly unknown[],
    at: EditPath,
    { from, to, remove, add }: { from: number; to: number; remove: number; add: number },
  ): void {
    if (remove === 0 && add === 0) return;
    const added = after.slice(to, to + add);
    const bytes = sizeOf(added);
    this.#push({ at, from: to, remove, add: added }, bytes);
    this.growth += bytes - sizeOf(before.slice(from, from + remove));
  }

  #visitRecords(before: Dictionary, after: Dictionary, path: EditPath): void {
    const [had, has] = [Object.keys(before), Object.keys(after)];
    this.#effort.left -= had.length + has.length;
    if (!keepsOrder(before, after, had, has)) {
      this.#replace(before, after, path);
      return;
    }
    this.growth += commas(has.length) - commas(had.length);
    for (const key of had) {
      if (Object.hasOwn(after, key)) continue;
      this.#push({ at: [...path, key], delete: true }, 0);
      this.growth -= memberSize(key, before[key]);
    }
    for (const key of has) {
      if (Object.hasOwn(before, key)) this.visit(before[key], after[key], [...path, key]);
      else this.growth += this.#set(after[key], [...path, key]) + textSize(key) + 3;
    }
  }

  /** Where all of the value is another, there is nothing to patch. */
  #replace(before: unknown, after: unknown, path: EditPath): void {
    if (path.length === 0) this.#bytesLeft = -1;
    else this.growth += this.#set(after, path) - encodedSize(before);
  }

  #set(value: unknown, at: EditPath): number {
    if (this.isTooMuch) return 0;
    const bytes = encodedSize(value);
    this.#push({ at, set: value }, bytes);
    return bytes;
  }

  #push(edit: Edit, bytes: number): void {
    this.#bytesLeft -= bytes + bytesPerEdit;
    this.edits.push(edit);
  }

  #isSame(a: unknown, b: unknown): boolean {
    return hasSameEncoding(a, b, this.#effort);
  }
}

function sizeOf(elements: readonly unknown[]): number {
  return elements.reduce((sum: number, element) => sum + encodedSize(element), 0);
}

function isList(value: unknown): value is readonly unknown[] {
  return typeof value === "object" && value !== null && isPlainArray(value);
}

/** A plain object whose encoding is not wrapped in a tag. */
function isRecord(value: unknown): value is Dictionary {
  return typeof value === "object" && value !== null && isPlainObject(value) && !isWrapped(value);
}

/** Whether the keys of one record are those of the other, without those taken away, and new ones at the end. */
function keepsOrder(
  before: Dictionary,
  after: Dictionary,
  had: readonly string[],
  has: readonly string[],
): boolean {
  const kept = had.filter((key) => Object.hasOwn(after, key) && !isIndex(key));
  const added = has.filter((key) => !Object.hasOwn(before, key) && !isIndex(key));
  const named = has.filter((key) => !isIndex(key));
  return named.every((key, place) => key === (kept[place] ?? added[place - kept.length]));
}

/** Keys that look like indexes come first and in order, however they were set. */
function isIndex(key: string): boolean {
  return /^(?:0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
}
