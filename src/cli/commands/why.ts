import type { Command } from "commander";
import { formatReference, type Why } from "../../index.js";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { headerShape } from "../event-shape.js";
import { isoTime } from "../iso-time.js";
import { getContext, type Place, readReference } from "../references.js";
import type { Fragment } from "../styled-text.js";

/** Adds `why`, which follows the causes behind a key. */
export function addWhy(program: Command, cli: Cli): void {
  program
    .command("why")
    .description("show the event that last changed a key, what caused it, and so on, across contexts")
    .argument("<reference>", "a context, or a point in its history, such as run-42@17")
    .argument("<key>", "the key")
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "One line an event: event, time, type, actor, what its cause is, and the cause. A cause leads on if it",
          'names an event, such as run-41#3. The last one is "text", "missing", a "cycle", or "none".',
          "Exits with 3 where there never was such a key.",
        ],
        examples: ["why run-42 budget"],
        json: '"context", "key", "chain": [{ "event": { "context", "sequence", "version", "type", "at", "actor", "cause", "phase", "batch", "tags" }, "cause" }]',
      }),
    )
    .action((reference: string, key: string) => why(cli, readReference(reference), key));
}

async function why(cli: Cli, { id, point = "@latest" }: Place, key: string): Promise<void> {
  const chain = await cli.withStore((store) => getContext(store, id).why(key, { at: point }));
  if (cli.wantsJson) {
    const links = chain.map(({ event, cause }) => ({ event: headerShape(event), cause }));
    return cli.output.document("why", { context: id, key, chain: links });
  }
  await cli.output.table(columns, chain.map(rowOf));
}

const columns = ["EVENT", "TIME", "TYPE", "ACTOR", "LEADS TO", "CAUSE"].map((title) => ({ title }));

function rowOf({ event, cause }: Why): Fragment[] {
  const { context, sequence, at, type, actor } = event;
  return [
    { text: formatReference(context, { kind: "sequence", sequence }), style: "yellow" },
    { text: isoTime(at), style: "dim" },
    type,
    actor ?? "",
    cause === "event" ? cause : { text: cause, style: "dim" },
    { text: event.cause ?? "", style: "bold" },
  ];
}
