import { type Command, Option } from "commander";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { usageError } from "../cli-error.js";
import { confirm } from "../confirm.js";
import { countOf } from "../count-of.js";
import { getContext, readContextId } from "../references.js";
import { keyNotFound } from "../report-error.js";
import { addWriteOptions, noteOutcome, write, type WriteFlags, writeOptionsOf } from "../write-command.js";

interface Flags extends WriteFlags {
  readonly context?: true;
  readonly yes?: true;
  readonly keepForForks?: true;
}

/** Adds `delete`, which deletes a key, or a whole context. */
export function addDelete(program: Command, cli: Cli): void {
  const command = program
    .command("delete")
    .description("delete one key, or a whole context with its history")
    .argument("<context>", "the context's id")
    .argument("[key]", "the key")
    .addOption(
      new Option("--context", "delete the whole context, for good").conflicts([
        "expectedVersion",
        "idempotencyKey",
      ]),
    )
    .option("--keep-for-forks", "with --context: keep what its forks need, where it would be refused else")
    .option("--yes", "do not ask before deleting a context");
  addWriteOptions(command)
    .addHelpText(
      "after",
      writeGuide({
        notes: ['With --context, the members are "context", "events" and "dryRun".'],
        examples: ["delete run-42 draft", "delete run-42 --context --yes"],
        json: '"context", "version", "changed", "dryRun", "key"',
      }),
    )
    .action((context: string, key: string | undefined, flags: Flags) => {
      const id = readContextId(context);
      if (flags.context === true && key === undefined) return deleteContext(cli, id, flags);
      if (flags.context !== true && key !== undefined) return deleteKey(cli, id, key, flags);
      throw usageError("Name either a key, or --context to delete the whole context.");
    });
}

async function deleteKey(cli: Cli, id: string, key: string, flags: Flags): Promise<void> {
  const options = writeOptionsOf(flags);
  const outcome = await write(cli, id, flags, (context) => context.delete(key, options));
  if (!outcome.answer) throw keyNotFound(outcome.reference, key);
  if (cli.wantsJson) return cli.output.document("delete", { ...outcome.shape, key });
  await cli.output.line(outcome.reference);
  await noteOutcome(cli, outcome);
}

async function deleteContext(cli: Cli, id: string, flags: Flags): Promise<void> {
  const { actor, cause } = flags;
  const dryRun = flags.dryRun === true;
  const events = await cli.withStore((store) => getContext(store, id).sequence);
  const fate = `context ${JSON.stringify(id)} with its ${countOf(events, "event")}`;
  if (!dryRun && flags.yes !== true) await confirm(cli.io, `Delete ${fate}, for good?`);
  if (!dryRun) {
    await cli.withStore((store) => {
      const isDeleted = store.delete(id, {
        forks: flags.keepForForks === true ? "keep" : "refuse",
        ...(actor && { actor }),
        ...(cause && { cause }),
      });
      // Someone else may have deleted it since; finding it again says so.
      if (!isDeleted) getContext(store, id);
    });
  }
  if (cli.wantsJson) return cli.output.document("deleteContext", { context: id, events, dryRun });
  await cli.output.note(
    dryRun ? `Nothing was deleted: this was a dry run of deleting ${fate}.` : `Deleted ${fate}.`,
  );
}
