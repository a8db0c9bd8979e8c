import { format, inspect } from "node:util";

/** How many promises of README were kept; written to the parent when the program ends. */
let kept = 0;
process.on("exit", () => process.stdout.write(`kept ${kept}\n`));

/** What the comments in README's code become. Each throws where README is wrong, naming the line. */
export const check = {
  equals(line: number, actual: unknown, promised: string): void {
    // README's own words, read as an expression.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    const value: unknown = new Function(`return (${promised});`)();
    compare(line, shown(actual), shown(value));
  },

  prints(line: number, given: readonly unknown[], promised: string): void {
    compare(
      line,
      inOneLine(format(...given.map((value) => (typeof value === "string" ? value : shown(value))))),
      inOneLine(promised),
    );
  },

  async throws(line: number, work: () => Promise<unknown>, code: string): Promise<void> {
    let found: unknown = "nothing";
    try {
      await work();
    } catch (error) {
      found = error instanceof Error ? ("code" in error ? error.code : error.name) : error;
    }
    compare(line, String(found), code);
  },
};

function compare(line: number, actual: string, promised: string): void {
  if (actual !== promised) throw new Error(`README.md:${line} promises ${promised}, but it is ${actual}`);
  kept += 1;
}

function shown(value: unknown): string {
  return inspect(value, { breakLength: Infinity, depth: 10, compact: 10 });
}

function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
