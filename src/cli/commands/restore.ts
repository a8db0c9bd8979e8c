import type { Command } from "commander";
import type { Context } from "../../index.js";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { CliError } from "../cli-error.js";
import type { Fragment } from "../styled-text.js";
import { type Place, readReference, referenceOf } from "../references.js";
import { addWriteOptions, noteOutcome, write, type WriteFlags, writeOptionsOf } from "../write-command.js";

interface Flags extends WriteFlags {
  readonly keepErased?: true;
}

/** Adds `restore`, which brings a state back. */
export function addRestore(program: Command, cli: Cli): void {
  const command = program
    .command("restore")
    .description("make the keys what they were at a point, as one more change; list the keys that changed")
    .argument("<reference>", "a context (its newest snapshot is meant) or a point in its history");
  command.option(
    "--keep-erased",
    "leave keys whose values were erased as they are, where it would be refused else",
  );
  addWriteOptions(command)
    .addHelpText(
      "after",
      writeGuide({
        notes: ["Protected keys keep their present values. Exits with 3 where there is no such state."],
        examples: ["restore run-42@snapshot:before --dry-run"],
        json: '"context", "version", "changed", "dryRun", "set": [], "deleted": []',
      }),
    )
    .action((reference: string, flags: Flags) => restore(cli, reference, flags));
}

async function restore(cli: Cli, text: string, flags: Flags): Promise<void> {
  const { id, point } = readReference(text);
  const outcome = await write(cli, id, flags, (context) => {
    const before = textsOf(cli, context);
    const isDone = context.restore(point, {
      ...writeOptionsOf(flags),
      erased: flags.keepErased === true ? "keep" : "refuse",
    });
    return isDone ? differences(before, textsOf(cli, context)) : undefined;
  });
  const changes = outcome.answer;
  if (changes === undefined) throw nothingToRestore({ id, point });
  if (cli.wantsJson) return cli.output.document("restore", { ...outcome.shape, ...changes });
  await cli.output.table(
    [{ title: "CHANGE" }, { title: "KEY" }],
    [
      ...changes.set.map((key): Fragment[] => [{ text: "set", style: "green" }, key]),
      ...changes.deleted.map((key): Fragment[] => [{ text: "deleted", style: "red" }, key]),
    ],
  );
  await noteOutcome(cli, outcome);
}

function textsOf(cli: Cli, { persistent }: Context): ReadonlyMap<string, string> {
  return new Map(Object.entries(persistent).map(([key, value]) => [key, cli.textOf(value)]));
}

function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) {
  return {
    set: [...after].filter(([key, text]) => before.get(key) !== text).map(([key]) => key),
    deleted: [...before.keys()].filter((key) => !after.has(key)),
  };
}

function nothingToRestore({ id, point }: Place): CliError {
  const what =
    point === undefined
      ? `Context ${JSON.stringify(id)} has no snapshot to restore.`
      : `There is no state ${referenceOf({ id, point })} to restore.`;
  return new CliError(
    "NOTHING_TO_RESTORE",
    "notFound",
    what,
    "`durable-context snapshots` lists the snapshots; any version can be restored too, as in run-42@17.",
  );
}
