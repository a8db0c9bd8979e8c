import { type Command, Option } from "commander";
import type { ContextInfo, ContextQuery } from "../../index.js";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import type { ContextShape } from "../json-shapes.js";
import { namedJson, time, wholeNumber } from "../option-values.js";
import { isoTime } from "../iso-time.js";

interface Flags {
  readonly id?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly key?: string;
  readonly since?: number;
  readonly before?: number;
  readonly limit?: number;
  readonly after?: string;
}

/** Adds `contexts`, which lists contexts. */
export function addContexts(program: Command, cli: Cli): void {
  program
    .command("contexts")
    .description("list contexts, by id")
    .option("--id <pattern>", "whose id fits: * is any text, ? one character, [a-z] one of a range")
    .option("--metadata <name=json>", "whose metadata has this value (repeatable)", namedJson)
    .option("--key <key>", "that have this persistent key")
    .addOption(new Option("--since <time>", "changed at or after").argParser(time))
    .addOption(new Option("--before <time>", "changed before").argParser(time))
    .addOption(new Option("--limit <n>", "at most so many").argParser(wholeNumber))
    .option("--after <id>", "go on behind this id")
    .addHelpText(
      "after",
      writeGuide({
        examples: [`contexts --id 'run-*' --metadata 'team="red"' --since 2026-11-01`],
        json: `"contexts": [{ "id", "version", "events", "keys", "createdAt", "changedAt", "metadata" }]`,
      }),
    )
    .action((flags: Flags) => listContexts(cli, flags));
}

async function listContexts(cli: Cli, flags: Flags): Promise<void> {
  const infos = await cli.withStore((store) => store.contexts(queryOf(flags)));
  const contexts = infos.map((info) => shapeOf(cli, info));
  if (cli.wantsJson) return cli.output.document("contexts", { contexts });
  await cli.output.table(
    [
      { title: "CONTEXT" },
      { title: "VERSION", align: "right" },
      { title: "EVENTS", align: "right" },
      { title: "KEYS", align: "right" },
      { title: "CHANGED" },
      { title: "METADATA" },
    ],
    contexts.map(({ id, version, events, keys, changedAt, metadata }) => [
      { text: id, style: "bold" },
      String(version),
      String(events),
      String(keys),
      changedAt,
      JSON.stringify(metadata),
    ]),
  );
  if (contexts.length === 0 && cli.output.isTerminal) await cli.output.note("No context fits.");
}

function queryOf({ id, metadata, key, since, before, limit, after }: Flags): ContextQuery {
  return {
    ...(id !== undefined && { id }),
    ...(metadata !== undefined && { metadata }),
    ...(key !== undefined && { key }),
    ...(since !== undefined && { changedSince: since }),
    ...(before !== undefined && { changedBefore: before }),
    ...(limit !== undefined && { limit }),
    ...(after !== undefined && { after }),
  };
}

function shapeOf(cli: Cli, { createdAt, changedAt, metadata, ...info }: ContextInfo): ContextShape {
  return {
    ...info,
    createdAt: isoTime(createdAt),
    changedAt: isoTime(changedAt),
    metadata: cli.treeOf(metadata),
  };
}
