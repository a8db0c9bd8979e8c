import type { Command } from "commander";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { countOf } from "../count-of.js";

/** Adds `backup`, which copies the whole store. */
export function addBackup(program: Command, cli: Cli): void {
  program
    .command("backup")
    .description("copy the whole store to a new file, checked, while others may write; an older file stays")
    .argument("<file>", "the file to make; it must not exist")
    .addHelpText(
      "after",
      writeGuide({
        notes: ["The file is a store like any other: --store takes it."],
        examples: ["backup runs-monday.db"],
        json: '"file", "bytes", "contexts", "events"',
      }),
    )
    .action((file: string) => backUp(cli, file));
}

async function backUp(cli: Cli, file: string): Promise<void> {
  const backup = await cli.withStore((store) => store.backup(file));
  if (cli.wantsJson) return cli.output.document("backup", backup);
  const { bytes, contexts, events } = backup;
  await cli.output.note(
    `Backed up ${countOf(contexts, "context")} with ${countOf(events, "event")} to ${JSON.stringify(backup.file)}: ${countOf(bytes, "byte")}.`,
  );
}
