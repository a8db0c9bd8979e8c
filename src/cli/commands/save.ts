import type { Command } from "commander";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { countOf } from "../count-of.js";
import { readContextId } from "../references.js";

/** Adds `save`, which exports contexts. */
export function addSave(program: Command, cli: Cli): void {
  program
    .command("save")
    .alias("export")
    .description("save contexts with all their history to a file, which is replaced as a whole")
    .argument("<file>", "the file to write")
    .argument("[context...]", "the contexts' ids; all of them unless named")
    .addHelpText(
      "after",
      writeGuide({
        notes: ["The file has one JSON text a line, an event each. `load` keeps their hashes."],
        examples: ["save run-42.jsonl run-42"],
        json: '"file", "contexts", "events"',
      }),
    )
    .action((file: string, contexts: readonly string[]) => save(cli, file, contexts.map(readContextId)));
}

async function save(cli: Cli, file: string, ids: readonly string[]): Promise<void> {
  const saved = await cli.withStore((store) => store.save(file, ids.length === 0 ? undefined : ids));
  if (cli.wantsJson) return cli.output.document("save", { file, ...saved });
  await cli.output.note(
    `Saved ${countOf(saved.contexts, "context")} with ${countOf(saved.events, "event")} to ${JSON.stringify(file)}.`,
  );
}
