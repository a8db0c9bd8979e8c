import { type Command, Option } from "commander";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { readContextId } from "../references.js";
import { readValue } from "../value-input.js";
import { addWriteOptions, noteOutcome, write, type WriteFlags, writeOptionsOf } from "../write-command.js";

interface Flags extends WriteFlags {
  readonly string?: true;
  readonly tagged?: true;
  readonly ephemeral?: true;
  readonly protect?: true;
}

/** Adds `set`, which sets one key. */
export function addSet(program: Command, cli: Cli): void {
  const command = program
    .command("set")
    .description("set one key, and print the version that this made")
    .argument("<context>", "the context's id")
    .argument("<key>", "the key")
    .argument("<json>", "the value; - reads it from stdin")
    .addOption(new Option("--string", "take the value as text, literally").conflicts("tagged"))
    .option("--tagged", "take the value in the form that `get` prints, dates and the like included")
    .addOption(new Option("--ephemeral", "set it as scratch data").conflicts("protect"))
    .option("--protect", "protect the key from then on")
    .option("--create", "make the context, and the store, if there is none");
  addWriteOptions(command)
    .addHelpText(
      "after",
      writeGuide({
        examples: [`set run-42 plan '{"steps":[]}' --actor planner`],
        json: '"context", "version", "changed", "dryRun", "key"',
      }),
    )
    .action((context: string, key: string, json: string, flags: Flags) =>
      set(cli, { context, key, json, flags }),
    );
}

interface Given {
  readonly context: string;
  readonly key: string;
  readonly json: string;
  readonly flags: Flags;
}

async function set(cli: Cli, { context, key, json, flags }: Given): Promise<void> {
  const id = readContextId(context);
  const as = flags.string === true ? "text" : flags.tagged === true ? "tagged" : "json";
  const value = await readValue(cli, json, { as });
  const options = writeOptionsOf(flags);
  const outcome = await write(cli, id, flags, (target) => {
    if (flags.ephemeral === true) target.setEphemeral(key, value, options);
    else target.set(key, value, { ...options, protect: flags.protect === true });
  });
  if (cli.wantsJson) return cli.output.document("set", { ...outcome.shape, key });
  await cli.output.line(outcome.reference);
  await noteOutcome(cli, outcome);
}
