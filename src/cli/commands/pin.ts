import type { Command } from "commander";
import type { Context } from "../../index.js";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { readContextId } from "../references.js";
import { addWriteOptions, noteOutcome, write, type WriteFlags, writeOptionsOf } from "../write-command.js";

/** Adds `pin`, which keeps a snapshot listed. */
export function addPin(program: Command, cli: Cli): void {
  const command = program.command("pin").description("keep a snapshot listed, whatever others are taken");
  addWork(command, "pin run-42 released", async (id, snapshot, flags) => {
    const outcome = await write(cli, id, flags, (context: Context) =>
      context.pin(snapshot, writeOptionsOf(flags)),
    );
    if (cli.wantsJson) return cli.output.document("pin", { ...outcome.shape, snapshot });
    await noteOutcome(cli, outcome);
  });
}

/** Adds `unpin`, which lets a snapshot go as others do. */
export function addUnpin(program: Command, cli: Cli): void {
  const command = program
    .command("unpin")
    .description("let a pinned snapshot leave the list as others do, when the next one is taken");
  addWork(command, "unpin run-42 released", async (id, snapshot, flags) => {
    const outcome = await write(cli, id, flags, (context: Context) =>
      context.unpin(snapshot, writeOptionsOf(flags)),
    );
    if (cli.wantsJson) return cli.output.document("unpin", { ...outcome.shape, snapshot });
    await noteOutcome(cli, outcome);
  });
}

function addWork(
  command: Command,
  example: string,
  work: (id: string, snapshot: string, flags: WriteFlags) => Promise<void>,
): void {
  command.argument("<context>", "the context's id").argument("<snapshot>", "its id, or its reason");
  addWriteOptions(command)
    .addHelpText(
      "after",
      writeGuide({ examples: [example], json: '"context", "version", "changed", "dryRun", "snapshot"' }),
    )
    .action((context: string, snapshot: string, flags: WriteFlags) =>
      work(readContextId(context), snapshot, flags),
    );
}
