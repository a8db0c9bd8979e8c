import { type Command, Option } from "commander";
import type { MergeOptions, StrategyName } from "../../index.js";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import type { Fragment } from "../styled-text.js";
import { readContextId } from "../references.js";
import { readObject } from "../value-input.js";
import { addWriteOptions, noteOutcome, write, type WriteFlags, writeOptionsOf } from "../write-command.js";

const strategies = ["safe", "update", "replace", "prefixed", "threeWay"] as const satisfies StrategyName[];

interface Flags extends WriteFlags {
  readonly strategy: StrategyName;
  readonly prefix?: string;
  readonly base?: string;
  readonly tagged?: true;
}

/** Adds `merge`, which merges many keys. */
export function addMerge(program: Command, cli: Cli): void {
  const command = program
    .command("merge")
    .description("merge the members of a JSON object into the keys; list what was written and skipped")
    .argument("<context>", "the context's id")
    .argument("<json>", "the object; - reads it from stdin, @FILE from a file")
    .addOption(
      new Option(
        "--strategy <name>",
        "safe only adds, update overwrites, replace makes the keys exactly these",
      )
        .choices(strategies)
        .default("safe"),
    )
    .option("--prefix <text>", "goes before every key, for --strategy prefixed")
    .option("--base <point>", "what both sides started from, such as @17, for --strategy threeWay")
    .option("--tagged", "take values in the form that `get` prints, dates and the like included")
    .option("--create", "make the context, and the store, if there is none");
  addWriteOptions(command)
    .addHelpText(
      "after",
      writeGuide({
        examples: ["merge run-42 @results.json --strategy prefixed --prefix research_"],
        json: '"context", "version", "changed", "dryRun", "written": [], "skipped": [{ "key", "why" }]',
      }),
    )
    .action((context: string, json: string, flags: Flags) => merge(cli, { context, json, flags }));
}

async function merge(
  cli: Cli,
  { context, json, flags }: { context: string; json: string; flags: Flags },
): Promise<void> {
  const id = readContextId(context);
  const values = await readObject(cli, json, flags.tagged === true ? "tagged" : "json");
  const options = mergeOptionsOf(flags);
  const outcome = await write(cli, id, flags, (target) => target.merge(values, flags.strategy, options));
  const { written, skipped } = outcome.answer;
  if (cli.wantsJson) return cli.output.document("merge", { ...outcome.shape, written, skipped });
  await cli.output.table(
    [{ title: "OUTCOME" }, { title: "KEY" }, { title: "WHY" }],
    [
      ...written.map((key): Fragment[] => [{ text: "written", style: "green" }, key, ""]),
      ...skipped.map(({ key, why }): Fragment[] => [{ text: "skipped", style: "yellow" }, key, why]),
    ],
  );
  await noteOutcome(cli, outcome);
}

function mergeOptionsOf(flags: Flags): MergeOptions {
  const { prefix, base } = flags;
  return {
    ...writeOptionsOf(flags),
    ...(prefix !== undefined && { prefix }),
    ...(base !== undefined && { base }),
  };
}
