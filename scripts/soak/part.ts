import type { Random } from "./random.js";

/**
 * How much is run: `pick` belongs to the tests and takes a minute, `short` to every landing and takes a few
 * minutes, `long` takes about an hour.
 */
export const programmes = ["pick", "short", "long"] as const;
export type Programme = (typeof programmes)[number];

/** What a part is run with. */
export interface Setting {
  readonly programme: Programme;
  /** The only source of chance; what it was begun with is printed, and repeats the run. */
  readonly random: Random;
  /** An empty folder, which goes when the part ends. */
  readonly folder: string;
}

/** What one check found. */
export interface Row {
  readonly what: string;
  readonly trials: number;
  /** What was tried so often: "kills", "images", "flips". */
  readonly unit: string;
  /** Acknowledged events that were not there afterwards. */
  readonly lost: number;
  /** Answers that were wrong, and nothing said so. */
  readonly undetected: number;
  /** Whatever else was not as promised, each with what is needed to see it again. */
  readonly failures: readonly string[];
  /** What was measured besides, in words. */
  readonly note?: string;
  /** Set up so that it has to lose something: where it does not, the check proves nothing. */
  readonly isControl?: true;
}

/** One check of the programme. */
export interface Part {
  readonly name: string;
  /** Why it cannot run here, such as "no C compiler"; undefined where it can. */
  readonly lacking: () => string | undefined;
  readonly run: (setting: Setting) => AsyncGenerator<Row>;
}

/** Whether a check found what it should: nothing, or for a control something. */
export function holds({ lost, undetected, failures, isControl }: Row): boolean {
  const isBroken = lost > 0 || undetected > 0;
  return failures.length === 0 && isBroken === (isControl ?? false);
}
