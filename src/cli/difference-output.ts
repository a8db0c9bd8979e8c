import type { Difference } from "../index.js";
import type { Cli } from "./cli.js";
import { differenceLines } from "./difference-lines.js";

/** Characters of one value that are shown; all of it is in the documents of --json. */
const longest = 500;

/** Writes a difference line by line, each as far in as is asked. */
export async function writeDifference(cli: Cli, difference: Difference, indent = ""): Promise<void> {
  const look = { longest, textOf: (value: unknown) => cli.textOf(value) };
  for (const line of differenceLines(difference, look)) await cli.output.line(indent, ...line);
}
