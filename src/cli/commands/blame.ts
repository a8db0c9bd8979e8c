import type { Command } from "commander";
import { type Blame, formatReference, writePath } from "../../index.js";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { headerShape } from "../event-shape.js";
import { isoTime } from "../iso-time.js";
import { getContext, type Place, readReference } from "../references.js";
import type { Fragment } from "../styled-text.js";
import { previewValue } from "../value-preview.js";

/** Characters of a value that are shown. */
const longest = 200;

/** Adds `blame`, which tells which event gave each part of a value what it is. */
export function addBlame(program: Command, cli: Cli): void {
  program
    .command("blame")
    .description("show for every part of a value the event that made it what it is")
    .argument("<reference>", "a context, or a point in its history, such as run-42@17")
    .argument("[path]", 'where to look, such as plan, plan.steps[3] or ["odd.key"].x (default: all keys)')
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "One line a part: event, version, time, type, actor, cause, path, value. Elements of lists are followed",
          "when others are put before them. Only persistent keys are looked at.",
          "Exits with 3 where nothing is at the path.",
        ],
        examples: ["blame run-42 plan.steps", "blame run-42@snapshot:before budget"],
        json: '"context", "version", "sequence", "leaves": [{ "path", "value", "event": { "context", "sequence", "version", "type", "at", "actor", "cause", "phase", "batch", "tags" } }]',
      }),
    )
    .action((reference: string, path: string | undefined) => blame(cli, readReference(reference), path));
}

async function blame(cli: Cli, { id, point = "@latest" }: Place, path: string | undefined): Promise<void> {
  await cli.withStore(async (store) => {
    const context = getContext(store, id);
    const { version, sequence } = context.at(point);
    const leaves = context.blame(path, { at: { sequence } });
    if (!cli.wantsJson)
      return cli.output.table(
        columns,
        leaves.map((leaf) => rowOf(cli, id, leaf)),
      );
    await cli.output.document("blame", {
      context: id,
      version,
      sequence,
      leaves: leaves.map(({ path: place, value, event }) => ({
        path: place,
        value: cli.treeOf(value),
        event: headerShape(event),
      })),
    });
  });
}

const columns = ["EVENT", "VERSION", "TIME", "TYPE", "ACTOR", "CAUSE", "PATH", "VALUE"].map((title) => ({
  title,
}));

function rowOf(cli: Cli, id: string, { path, value, event }: Blame): Fragment[] {
  const { context, sequence, version, at, type, actor, cause } = event;
  const textOf = (part: unknown) => cli.textOf(part);
  return [
    {
      text: context === id ? `#${sequence}` : formatReference(context, { kind: "sequence", sequence }),
      style: "yellow",
    },
    `@${version}`,
    { text: isoTime(at), style: "dim" },
    type,
    actor ?? "",
    cause ?? "",
    { text: writePath(path), style: "cyan" },
    previewValue(value, { longest, textOf }),
  ];
}
