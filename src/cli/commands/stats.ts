import type { Command } from "commander";
import type { ContextStats, StoreStats } from "../../index.js";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { isoTime } from "../iso-time.js";
import type { ContextStatsShape } from "../json-shapes.js";
import { getContext, readContextId } from "../references.js";
import type { Fragment } from "../styled-text.js";

/** Adds `stats`, which measures the store or a context. */
export function addStats(program: Command, cli: Cli): void {
  program
    .command("stats")
    .description("show how large the store is, or a context and each of its keys, and what makes it so")
    .argument("[context]", "the context's id")
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "Bytes are those of JSON texts in UTF-8; of the store itself, those of its pages. All of it is read once.",
          "Ages count back from now: a day, a week, a month of 30 days. prunableBytes is about what pruning would free.",
          'For the store, the document is { "format": 1, "store": { "location", "bytes", "logBytes", "derivedBytes", "freeBytes", "contexts", "events", "eventBytes", "prunableBytes", "byType": [], "byAge": [], "byContext": [] } }.',
          'Each of a list has "events" and "eventBytes", and its "type", "age" or "context".',
        ],
        examples: ["stats run-42"],
        json: '"context", "version", "events", "eventBytes", "prunableBytes", "persistentBytes", "createdAt", "changedAt", "byType": [], "byAge": [], "keys": [{ "scope", "key", "bytes", "changes", "eventBytes" }]',
      }),
    )
    .action((context: string | undefined) =>
      context === undefined ? storeStats(cli) : contextStats(cli, readContextId(context)),
    );
}

async function storeStats(cli: Cli): Promise<void> {
  const store = await cli.withStore((opened) => opened.stats());
  if (cli.wantsJson) return cli.output.document("stats", { store });
  const { byType, byAge, byContext, ...facts } = store;
  await writeFacts(cli, facts);
  await writeSpread(cli, { byType, byAge, byContext });
}

async function contextStats(cli: Cli, id: string): Promise<void> {
  const { createdAt, changedAt, ...sizes } = await cli.withStore((store) => getContext(store, id).stats());
  const stats: ContextStatsShape = { ...sizes, createdAt: isoTime(createdAt), changedAt: isoTime(changedAt) };
  if (cli.wantsJson) return cli.output.document("contextStats", stats);
  const { keys, byType, byAge, ...facts } = stats;
  await writeFacts(cli, facts);
  await writeSpread(cli, { byType, byAge, byContext: [] });
  await writeGap(cli, keys);
  await cli.output.table(
    [
      { title: "SCOPE" },
      { title: "KEY" },
      { title: "BYTES", align: "right" },
      { title: "CHANGES", align: "right" },
      { title: "IN EVENTS", align: "right" },
    ],
    keys.map(({ scope, key, bytes, changes, eventBytes }) => [
      { text: scope, style: "dim" },
      { text: key, style: "cyan" },
      String(bytes),
      String(changes),
      String(eventBytes),
    ]),
  );
}

async function writeFacts(cli: Cli, facts: Readonly<Record<string, string | number>>): Promise<void> {
  await cli.output.table(
    [{ title: "FACT" }, { title: "VALUE" }],
    Object.entries(facts).map(([name, value]): Fragment[] => [{ text: name, style: "dim" }, String(value)]),
  );
}

type Spread = Pick<ContextStats, "byType" | "byAge"> & Pick<StoreStats, "byContext">;

/** One table, so that each line tells by itself what it counts. */
async function writeSpread(cli: Cli, { byType, byAge, byContext }: Spread): Promise<void> {
  const sizes = [
    ...byType.map((size) => ({ by: "type", of: size.type, ...size })),
    ...byAge.map((size) => ({ by: "age", of: size.age, ...size })),
    ...byContext.map((size) => ({ by: "context", of: size.context ?? "(deleted)", ...size })),
  ];
  await writeGap(cli, sizes);
  await cli.output.table(
    [
      { title: "BY" },
      { title: "OF" },
      { title: "EVENTS", align: "right" },
      { title: "BYTES", align: "right" },
    ],
    sizes.map(({ by, of, events, eventBytes }) => [
      { text: by, style: "dim" },
      { text: of, style: "cyan" },
      String(events),
      String(eventBytes),
    ]),
  );
}

async function writeGap(cli: Cli, rows: readonly unknown[]): Promise<void> {
  if (cli.output.isTerminal && rows.length > 0) await cli.output.line("");
}
