import type { Command } from "commander";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";

/** Adds `compact`, which makes the file smaller. */
export function addCompact(program: Command, cli: Cli): void {
  program
    .command("compact")
    .description("give space that the store does not use back to the disk, while others may write")
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "What was deleted or erased leaves space that the store would use again by itself.",
          '"isComplete" is false while a reader of an older state keeps the file as long as it was.',
        ],
        examples: ["compact"],
        json: '"bytes", "freedBytes", "isComplete"',
      }),
    )
    .action(() => compact(cli));
}

async function compact(cli: Cli): Promise<void> {
  const done = await cli.withStore((store) => store.compact());
  if (cli.wantsJson) return cli.output.document("compact", done);
  await cli.output.line(`${done.freedBytes} bytes were given back; the store has ${done.bytes}.`);
  if (!done.isComplete)
    await cli.output.note("A reader of an older state is in the way: the file becomes shorter later.");
}
