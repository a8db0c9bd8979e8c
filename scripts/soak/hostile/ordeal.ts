import type { Random } from "../random.js";

/** One thing that nobody should have to take. */
export interface Ordeal {
  /** What it is, in words that make it again. */
  readonly what: string;
  /** Goes through it, and says how it ended; whatever it throws is a failure. */
  readonly face: () => Outcome | Promise<Outcome>;
}

/** `right` where the answer was a right one, `refused` where a ContextError said why not; else what was wrong. */
export type Outcome = "right" | "refused" | { readonly wrong: string };

/** What makes the ordeals of one kind. */
export interface Ground {
  /** A folder of the process's own, in which it stands; nothing outside may be written. */
  readonly folder: string;
  readonly random: Random;
  /** How many are drawn by chance, beside those that are always faced. */
  readonly draws: number;
  /** Whether those that take seconds are faced. */
  readonly isLong: boolean;
}

export const kinds = ["load", "open", "calls", "words"] as const;
export type Kind = (typeof kinds)[number];

/** What a process is told to face. */
export interface Assignment {
  readonly kind: Kind;
  readonly folder: string;
  readonly seed: number;
  readonly draws: number;
  readonly isLong: boolean;
}

/** What came of it. */
export interface Account {
  readonly faced: number;
  readonly right: number;
  readonly slowestMs: number;
  readonly slowest: string;
  readonly failures: readonly string[];
}

/** What a line begins with that says what is faced next, so that a process that dies of it has named it. */
export const announcement = "> ";
