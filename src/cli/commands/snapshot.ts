import type { Command } from "commander";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { shapeOfSnapshot } from "../snapshot-shape.js";
import { getContext, readContextId } from "../references.js";
import { readObject } from "../value-input.js";

interface Flags {
  readonly metadata?: string;
  readonly pin?: boolean;
  readonly actor?: string;
  readonly cause?: string;
}

/** Adds `snapshot`, which takes one. */
export function addSnapshot(program: Command, cli: Cli): void {
  program
    .command("snapshot")
    .description("mark the present version, so that it can be restored; print the snapshot's id")
    .argument("<context>", "the context's id")
    .argument("[reason]", "why; it also names the snapshot in references")
    .option("--metadata <json>", "an object to keep with it; - reads it from stdin, @FILE from a file")
    .option("--pin", "keep it listed, whatever others are taken")
    .option("--actor <id>", "who does it; kept with the event")
    .option("--cause <text>", "what made them do it")
    .addHelpText(
      "after",
      writeGuide({
        examples: [`snapshot run-42 "before research" --metadata '{"round":3}'`],
        json: '"context", "snapshot": { "id", "reason", "version", "sequence", "takenAt", "metadata", "isPinned", "bytes" }',
      }),
    )
    .action((context: string, reason: string | undefined, flags: Flags) =>
      takeSnapshot(cli, readContextId(context), reason, flags),
    );
}

async function takeSnapshot(cli: Cli, id: string, reason: string | undefined, flags: Flags): Promise<void> {
  const { actor, cause, pin = false } = flags;
  const metadata = flags.metadata === undefined ? {} : await readObject(cli, flags.metadata, "json");
  const snapshot = await cli.withStore((store) =>
    getContext(store, id).snapshot(reason, {
      metadata: { ...metadata },
      pin,
      ...(actor !== undefined && { actor }),
      ...(cause !== undefined && { cause }),
    }),
  );
  if (cli.wantsJson) {
    return cli.output.document("snapshot", { context: id, snapshot: shapeOfSnapshot(cli, snapshot) });
  }
  await cli.output.line(snapshot.id);
}
