import type { Command } from "commander";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { getContext, presentReference, readContextId, readReference } from "../references.js";

interface Flags {
  readonly actor?: string;
  readonly cause?: string;
}

/** Adds `fork`, which makes a context that goes its own way from a point of another one. */
export function addFork(program: Command, cli: Cli): void {
  program
    .command("fork")
    .description(
      "make a context that starts as another one is, or was, and shares its history; print its version",
    )
    .argument("<reference>", "a context, such as run-42, or a point in its history, such as run-42@17")
    .argument("<id>", "the id of the new context")
    .option("--actor <id>", "who does it; kept with the event")
    .option("--cause <text>", "what made them do it")
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "Values, protection, metadata and finished phases come along; snapshots and ephemeral keys do not.",
        ],
        examples: ["fork run-42@17 run-42-again"],
        json: '"context", "version", "sequence", "parent", "at"',
      }),
    )
    .action((reference: string, id: string, flags: Flags) => fork(cli, reference, readContextId(id), flags));
}

async function fork(cli: Cli, text: string, id: string, { actor, cause }: Flags): Promise<void> {
  const { id: parent, point } = readReference(text);
  const made = await cli.withStore((store) => {
    const context = getContext(store, parent).fork(id, {
      ...(point !== undefined && { at: point }),
      ...(actor !== undefined && { actor }),
      ...(cause !== undefined && { cause }),
    });
    const at = context.lineage().line.at(-1)?.forkedAt?.version ?? 0;
    return { context: id, version: context.version, sequence: context.sequence, parent, at };
  });
  if (cli.wantsJson) return cli.output.document("fork", made);
  await cli.output.line(presentReference({ id, version: made.version }));
}
