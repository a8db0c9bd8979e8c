/** What a process that works on a store is told to do. */
export interface Assignment {
  readonly path: string;
  readonly seed: number;
  readonly contexts: readonly string[];
  /** After so many rounds it closes the store and ends; without a number, never. */
  readonly rounds?: number;
  readonly durability?: "full" | "normal";
}

/** What it says of each write that returned. */
export interface Acknowledgement {
  readonly context: string;
  readonly sequence: number;
  readonly hash: string;
}

/** Reads what such a process said; the last line may have been cut off with its life. */
export function readAcknowledgements(output: string): readonly Acknowledgement[] {
  const lines = output.split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Acknowledgement);
}
