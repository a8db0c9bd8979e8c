import type { Command } from "commander";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import type { Fragment } from "../styled-text.js";
import { isoTime } from "../iso-time.js";
import type { ContextStatsShape } from "../json-shapes.js";
import { getContext, readContextId } from "../references.js";

/** Adds `stats`, which measures the store or a context. */
export function addStats(program: Command, cli: Cli): void {
  program
    .command("stats")
    .description("show how large the store is, or a context and each of its keys")
    .argument("[context]", "the context's id")
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "Bytes are those of JSON texts in UTF-8.",
          'For the store, the document is { "format": 1, "store": { "location", "bytes", "contexts" } }.',
        ],
        examples: ["stats run-42"],
        json: '"context", "version", "events", "eventBytes", "persistentBytes", "createdAt", "changedAt", "keys": []',
      }),
    )
    .action((context: string | undefined) =>
      context === undefined ? storeStats(cli) : contextStats(cli, readContextId(context)),
    );
}

async function storeStats(cli: Cli): Promise<void> {
  const store = await cli.withStore((opened) => opened.stats());
  if (cli.wantsJson) return cli.output.document("stats", { store });
  await cli.output.table(facts, toRows({ ...store }));
}

async function contextStats(cli: Cli, id: string): Promise<void> {
  const { createdAt, changedAt, ...sizes } = await cli.withStore((store) => getContext(store, id).stats());
  const stats: ContextStatsShape = { ...sizes, createdAt: isoTime(createdAt), changedAt: isoTime(changedAt) };
  if (cli.wantsJson) return cli.output.document("contextStats", stats);
  const { keys, ...rest } = stats;
  await cli.output.table(facts, toRows(rest));
  if (cli.output.isTerminal && keys.length > 0) await cli.output.line("");
  await cli.output.table(
    [
      { title: "SCOPE" },
      { title: "KEY" },
      { title: "BYTES", align: "right" },
      { title: "CHANGES", align: "right" },
    ],
    keys.map(({ scope, key, bytes, changes }) => [
      { text: scope, style: "dim" },
      { text: key, style: "cyan" },
      String(bytes),
      String(changes),
    ]),
  );
}

const facts = [{ title: "FACT" }, { title: "VALUE" }];

function toRows(all: Readonly<Record<string, string | number>>): Fragment[][] {
  return Object.entries(all).map(([name, value]) => [{ text: name, style: "dim" }, String(value)]);
}
