import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** The project's folder. */
export const root = resolve(import.meta.dirname, "../..");

/** A fenced block of a Markdown text. */
export interface Block {
  /** What stands behind the fence, such as `ts` or `ts fragment`. */
  readonly info: string;
  readonly code: string;
  /** The number of the block's first line of code. */
  readonly line: number;
  /** The nearest heading above it. */
  readonly heading: string;
}

/** The text of README.md. */
export function readReadme(): string {
  return readFileSync(resolve(root, "README.md"), "utf8");
}

/** All fenced blocks, in order. */
export function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let heading = "";
  let open: { info: string; line: number; lines: string[] } | undefined;
  markdown.split("\n").forEach((text, index) => {
    const fence = /^```(.*)$/.exec(text);
    if (open !== undefined && fence !== null) {
      blocks.push({ info: open.info, line: open.line, code: open.lines.join("\n"), heading });
      open = undefined;
    } else if (open !== undefined) open.lines.push(text);
    else if (fence !== null) open = { info: fence[1] ?? "", line: index + 2, lines: [] };
    else heading = /^#+ (.+)$/.exec(text)?.[1] ?? heading;
  });
  return blocks;
}
