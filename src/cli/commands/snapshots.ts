import type { Command } from "commander";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { getContext, readContextId } from "../references.js";
import { shapeOfSnapshot } from "../snapshot-shape.js";

/** Adds `snapshots`, which lists them. */
export function addSnapshots(program: Command, cli: Cli): void {
  program
    .command("snapshots")
    .description("list a context's snapshots, newest last")
    .argument("<context>", "the context's id")
    .addHelpText(
      "after",
      writeGuide({
        examples: ["snapshots run-42"],
        json: '"context", "snapshots": [{ "id", "reason", "version", "sequence", "takenAt", "metadata", "isPinned", "bytes" }]',
      }),
    )
    .action((context: string) => listSnapshots(cli, readContextId(context)));
}

async function listSnapshots(cli: Cli, id: string): Promise<void> {
  const snapshots = await cli.withStore((store) =>
    getContext(store, id)
      .snapshots()
      .map((snapshot) => shapeOfSnapshot(cli, snapshot)),
  );
  if (cli.wantsJson) return cli.output.document("snapshots", { context: id, snapshots });
  await cli.output.table(
    [
      { title: "SNAPSHOT" },
      { title: "VERSION", align: "right" },
      { title: "TAKEN" },
      { title: "PINNED" },
      { title: "BYTES", align: "right" },
      { title: "REASON" },
      { title: "METADATA" },
    ],
    snapshots.map(({ id: snapshot, version, takenAt, isPinned, bytes, reason, metadata }) => [
      { text: snapshot, style: "dim" },
      String(version),
      takenAt,
      isPinned ? "pinned" : "",
      String(bytes),
      { text: reason, style: "bold" },
      JSON.stringify(metadata),
    ]),
  );
  if (snapshots.length === 0 && cli.output.isTerminal) await cli.output.note("The context has no snapshots.");
}
