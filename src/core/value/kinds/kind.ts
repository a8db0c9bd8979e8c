import type { Objection } from "../objection.js";
import type { Segment } from "../path.js";
import type { Dictionary } from "../plain.js";

/** Deals with one part inside an object; `levels` says how many containers of the encoding lie between. */
export type Visit = (part: unknown, segment: Segment, levels: number) => unknown;

/** One kind of built-in object that plain JSON has no form for: everything there is to know about it. */
export interface Kind<T extends object = object> {
  /** Names the kind in stored text. */
  readonly tag: string;
  /** The fields that stand beside the tag. */
  readonly fields: readonly string[];
  readonly prototypes: readonly object[];
  /** Says what in this object a copy would lose, if anything. */
  findObjection(value: T): Objection | undefined;
  /** Counts the containers that its encoding itself has, besides those of its parts. */
  levels(value: T): number;
  /** Makes a fresh object of the same content; each part goes through `visit`. */
  copy(value: T, visit: Visit): T;
  /** Gives the fields that stand beside the tag. */
  encode(value: T, encode: (part: unknown) => unknown): Dictionary;
  /** Reads those fields back; undefined if they are not what `encode` gives. */
  decode(fields: Dictionary, decode: (part: unknown, levels: number) => unknown): T | undefined;
  /** Compares all but the parts, which it hands to `both` in pairs. */
  isEqual(a: T, b: T, both: (a: unknown, b: unknown) => void): boolean;
}
