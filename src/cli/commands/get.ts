import type { Command } from "commander";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { CliError } from "../cli-error.js";
import { getContext, readReference, referenceOf } from "../references.js";
import { keyNotFound } from "../report-error.js";

/** Adds `get`, which prints one value. */
export function addGet(program: Command, cli: Cli): void {
  program
    .command("get")
    .description("print one value as JSON, now or at a point in history")
    .argument("<reference>", "a context, or a point in its history, such as run-42@~3")
    .argument("<key>", "the key")
    .option("--raw", "print text without quotes")
    .addHelpText(
      "after",
      writeGuide({
        notes: ["Exits with 3 where there is no such key."],
        examples: ["get run-42@~3 plan | jq .steps"],
        json: '"context", "version", "key", "value"',
      }),
    )
    .action((reference: string, key: string, flags: { raw?: true }) =>
      get(cli, { reference, key, ...flags }),
    );
}

async function get(cli: Cli, given: { reference: string; key: string; raw?: true }): Promise<void> {
  const { key } = given;
  const { version, value, context } = await find(cli, given.reference, key);
  if (cli.wantsJson) return cli.output.document("get", { context, version, key, value: cli.treeOf(value) });
  if (given.raw !== true || typeof value !== "string") return cli.output.json(cli.textOf(value));
  if (/\p{Surrogate}/u.test(value)) {
    throw new CliError(
      "VALUE_UNPRINTABLE",
      "failure",
      "The text has half a surrogate pair in it, which no output can hold as it is.",
      "Print it without --raw.",
    );
  }
  await cli.output.data(`${value}\n`);
}

async function find(
  cli: Cli,
  reference: string,
  key: string,
): Promise<{ context: string; version: number; value: unknown }> {
  const { id, point } = readReference(reference);
  return cli.withStore((store) => {
    const context = getContext(store, id);
    const state = point === undefined ? context : context.at(point);
    if (!state.has(key)) throw keyNotFound(referenceOf({ id, point }), key);
    return { context: id, version: state.version, value: state.get(key) };
  });
}
