import type { Command } from "commander";
import { accessSync, constants, existsSync } from "node:fs";
import { type Attribution, ContextError } from "../../index.js";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";

interface Flags extends Pick<Attribution, "actor" | "cause"> {
  readonly dryRun?: true;
}

/** Adds `load`, which imports contexts. */
export function addLoad(program: Command, cli: Cli): void {
  program
    .command("load")
    .alias("import")
    .description("load the contexts of a file that `save` wrote, all or none; print their ids")
    .argument("<file>", "the file to read")
    .option("--actor <id>", "who does it; kept with the store's own events")
    .option("--cause <text>", "what made them do it")
    .option("--dry-run", "check the file and the ids, and write nothing")
    .addHelpText(
      "after",
      writeGuide({
        notes: ["Makes the store if there is none."],
        examples: ["load run-42.jsonl --dry-run"],
        json: '"contexts": [], "dryRun"',
      }),
    )
    .action((file: string, flags: Flags) => load(cli, file, flags));
}

async function load(cli: Cli, file: string, flags: Flags): Promise<void> {
  checkReadable(file);
  const dryRun = flags.dryRun === true;
  const contexts = dryRun ? await check(cli, file) : await importAll(cli, file, flags);
  if (cli.wantsJson) return cli.output.document("load", { contexts, dryRun });
  await cli.output.table(
    [{ title: "CONTEXT" }],
    contexts.map((id) => [{ text: id, style: "bold" }]),
  );
  if (dryRun) await cli.output.note("Nothing was loaded: this was a dry run. The file is whole.");
}

function importAll(cli: Cli, file: string, { actor, cause }: Flags): Promise<readonly string[]> {
  const attribution = { ...(actor !== undefined && { actor }), ...(cause !== undefined && { cause }) };
  return cli.withStore((store) => store.load(file, attribution), { create: true });
}

/** Loads the file for nothing, and looks whether its contexts would be new. */
async function check(cli: Cli, file: string): Promise<readonly string[]> {
  const ids = await cli.withScratchStore((store) => store.load(file));
  if (!existsSync(cli.location)) return ids;
  const present = await cli.withStore((store) => ids.find((id) => store.find(id) !== undefined));
  if (present !== undefined) throw new ContextError("CONTEXT_EXISTS", { context: present });
  return ids;
}

/** A store is made only for a file that is there. */
function checkReadable(source: string): void {
  try {
    accessSync(source, constants.R_OK);
  } catch (cause) {
    throw new ContextError("EXPORT_NOT_FOUND", { source }, { cause });
  }
}
