import type { Command } from "commander";
import { existsSync } from "node:fs";
import type { ImportedLangGraph, ImportLangGraphOptions } from "../../adapters/langgraph/index.js";
import type { Attribution } from "../../index.js";
import type { Cli } from "../cli.js";
import { CliError } from "../cli-error.js";
import { writeGuide } from "../command-guide.js";
import { countOf } from "../count-of.js";

interface Flags extends Pick<Attribution, "actor" | "cause"> {
  readonly skipUnreadable?: true;
  readonly dryRun?: true;
}

/** Adds `import-langgraph`, which brings over the threads of another checkpointer. */
export function addImportLangGraph(program: Command, cli: Cli): void {
  program
    .command("import-langgraph")
    .description(
      "bring over all threads of a file of LangGraph's SqliteSaver, all or none, each tuple compared",
    )
    .argument("<checkpoints>", "the file of the SqliteSaver; it is only read")
    .argument("<into>", "the store; it is made if there is none")
    .option("--skip-unreadable", "leave out checkpoints that cannot be read, and name them")
    .option("--actor <id>", "who does it; kept with the events")
    .option("--cause <text>", "what made them do it")
    .option("--dry-run", "check all of it, and write nothing")
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "Needs the package @langchain/langgraph-checkpoint, as LangGraph itself does. Checkpoints keep their ids and",
          "times. A thread that the store has already is refused.",
        ],
        examples: ["import-langgraph checkpoints.db runs.db --dry-run"],
        json:
          '"source", "threads": [{ "thread", "checkpoints", "writes" }], "checkpoints", "writes", ' +
          '"skipped": [{ "thread", "namespace", "checkpoint", "part", "why" }], "dryRun"',
      }),
    )
    .action((source: string, into: string, flags: Flags) => importLangGraph(cli, source, into, flags));
}

async function importLangGraph(cli: Cli, source: string, into: string, flags: Flags): Promise<void> {
  const dryRun = flags.dryRun === true;
  const imported = await importInto(cli, source, into, {
    ...(flags.actor !== undefined && { actor: flags.actor }),
    ...(flags.cause !== undefined && { cause: flags.cause }),
    skipUnreadable: flags.skipUnreadable === true,
    dryRun,
  });
  if (cli.wantsJson) return cli.output.document("importLangGraph", { ...imported, dryRun });
  await tell(cli, imported);
  const done = `${countOf(imported.checkpoints, "checkpoint")} and ${countOf(imported.writes, "write")}`;
  await cli.output.note(
    dryRun ? `Nothing was imported: this was a dry run of ${done}.` : `Imported ${done}, each compared.`,
  );
}

async function importInto(
  cli: Cli,
  source: string,
  into: string,
  options: ImportLangGraphOptions,
): Promise<ImportedLangGraph> {
  const adapter = await loadAdapter();
  // A dry run makes no store either.
  if (options.dryRun === true && !existsSync(into))
    return cli.withScratchStore((store) => adapter.importLangGraph(source, store, options));
  return cli.withStore((store) => adapter.importLangGraph(source, store, options), {
    at: into,
    create: true,
  });
}

/** Only this command needs LangGraph's packages, which are not among the project's own. */
async function loadAdapter(): Promise<typeof import("../../adapters/langgraph/index.js")> {
  try {
    return await import("../../adapters/langgraph/index.js");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    if (!isMissing || !error.message.includes("@langchain/")) throw error;
    throw new CliError(
      "PACKAGE_MISSING",
      "failure",
      "A package of LangGraph's is missing, without which its checkpoints cannot be read.",
      "npm install @langchain/langgraph-checkpoint @langchain/core",
    );
  }
}

async function tell(cli: Cli, { threads, skipped }: ImportedLangGraph): Promise<void> {
  await cli.output.table(
    ["THREAD", "CHECKPOINTS", "WRITES"].map((title) => ({ title })),
    threads.map(({ thread, checkpoints, writes }) => [
      { text: thread, style: "bold" },
      String(checkpoints),
      String(writes),
    ]),
  );
  for (const { thread, checkpoint, part, why } of skipped) {
    const what = part === "writes" ? "the writes to checkpoint" : "checkpoint";
    await cli.output.note(
      `Left out ${what} ${JSON.stringify(checkpoint)} of thread ${JSON.stringify(thread)}: ${why}.`,
    );
  }
}
