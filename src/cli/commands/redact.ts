import type { Command } from "commander";
import type { Cli } from "../cli.js";
import { usageError } from "../cli-error.js";
import { writeGuide } from "../command-guide.js";
import { confirm } from "../confirm.js";
import { countOf } from "../count-of.js";
import { getContext, readContextId } from "../references.js";

interface Flags {
  readonly reason?: string;
  readonly keepPresent?: true;
  readonly yes?: true;
  readonly actor?: string;
  readonly cause?: string;
}

/** Adds `redact`, which erases a secret from all history. */
export function addRedact(program: Command, cli: Cli): void {
  program
    .command("redact")
    .description("erase every recorded value of a key that has something at a path, here and in all forks")
    .argument("<context>", "the context's id")
    .argument("<path>", "the key, or a path into its values, such as config.apiKey")
    .option("--reason <text>", "why; kept with the event that covers what is gone (required)")
    .option(
      "--keep-present",
      "leave the present value and work that waits to be merged as they are, and erase the others",
    )
    .option("--yes", "do not ask before erasing")
    .option("--actor <id>", "who does it; kept with the event")
    .option("--cause <text>", "what made them do it")
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "The events stay, with their hashes; what was erased cannot be brought back.",
          "Exports, backups and copies that were made before still hold it.",
        ],
        examples: ["redact run-42 config.apiKey --reason 'leaked in a log' --yes"],
        json: '"context", "path", "values", "contexts": [], "archives": [], "isScrubbed"',
      }),
    )
    .action((context: string, path: string, flags: Flags) =>
      redact(cli, readContextId(context), path, flags),
    );
}

async function redact(cli: Cli, id: string, path: string, flags: Flags): Promise<void> {
  const { reason, actor, cause } = flags;
  if (reason === undefined)
    throw usageError("No reason was given.", "Pass --reason; it is kept with the event.");
  await cli.withStore((store) => getContext(store, id));
  if (flags.yes !== true)
    await confirm(
      cli.io,
      `Erase what is at ${path} from all history of context ${JSON.stringify(id)}, for good?`,
    );
  const redaction = await cli.withStore((store) =>
    getContext(store, id).redact(path, reason, {
      present: flags.keepPresent === true ? "keep" : "remove",
      ...(actor !== undefined && { actor }),
      ...(cause !== undefined && { cause }),
    }),
  );
  if (cli.wantsJson) return cli.output.document("redact", { context: id, path, ...redaction });
  const { values, contexts, archives, isScrubbed } = redaction;
  await cli.output.table(
    [{ title: "CONTEXT" }],
    contexts.map((name) => [{ text: name, style: "bold" }]),
  );
  await cli.output.note(
    values === 0
      ? `Nothing was erased: no recorded value has anything at ${path}.`
      : `Erased ${countOf(values, "value")} in ${countOf(contexts.length, "context")}.`,
  );
  if (archives.length > 0)
    await cli.output.note(`What was pruned before may still hold it: ${archives.join(", ")}.`);
  if (!isScrubbed)
    await cli.output.note(
      "A reader of an older state keeps copies in the log: run this again once it is gone.",
    );
}
