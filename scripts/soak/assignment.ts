import type { Telling } from "./acknowledge.js";

/** What a process that works on a store is told to do. */
export interface Assignment extends Telling {
  readonly path: string;
  readonly seed: number;
  readonly contexts: readonly string[];
  /** After so many rounds it closes the store and ends; without a number, never. */
  readonly rounds?: number;
}

/** What it says of each write that returned, or became durable. */
export interface Acknowledgement {
  readonly context: string;
  readonly sequence: number;
  readonly hash: string;
  /** The once-id of the phase that this finished. */
  readonly finished?: string;
}

/** Reads what such a process said; the last line may have been cut off with its life. */
export function readAcknowledgements(output: string): readonly Acknowledgement[] {
  return acknowledgementsOf(output.split("\n").slice(0, -1));
}

/** Reads the lines that such a process finished. */
export function acknowledgementsOf(lines: readonly string[]): readonly Acknowledgement[] {
  return lines.map((line) => JSON.parse(line) as Acknowledgement);
}
