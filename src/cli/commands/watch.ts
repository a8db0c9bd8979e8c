import { type Command, Option } from "commander";
import type { StoreWatchQuery, WatchedEvent } from "../../index.js";
import { usageError } from "../cli-error.js";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { eventRow, watchedEventShape } from "../event-shape.js";
import { follow } from "../follow.js";
import { cellsOf, fragmentsOf } from "../log-rows.js";
import { startOfWatch } from "../option-values.js";

interface Flags extends Pick<StoreWatchQuery, "key" | "type" | "actor"> {
  readonly from?: number | "start";
  readonly jsonl?: true;
}

/** Adds `watch`, which tells what happens. */
export function addWatch(program: Command, cli: Cli): void {
  program
    .command("watch")
    .description("list events of all contexts as any process writes them, until Ctrl-C")
    .argument(
      "[id-pattern]",
      "only contexts whose id fits: * is any text, ? one character, [a-z] one of a range",
    )
    .option("--key <pattern>", "only events that touch a key whose name fits")
    .option("--type <type>", "only events of this type, such as value_set")
    .option("--actor <id>", "only events of this actor")
    .addOption(
      new Option("--from <position>", 'go on behind this position, or from the "start"').argParser(
        startOfWatch,
      ),
    )
    .option("--jsonl", "one JSON document an event")
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "One line an event: position, context, sequence, version, time, type, keys, actor, phase. The last",
          "position seen is where --from goes on. Without a pattern for the id, the store's own events come too,",
          "under the context that they tell of.",
          'With --jsonl, each line is { "format": 1, "position", "context", "sequence", "version", "type", "at", "actor", "cause", "phase", "batch", "tags", "idempotencyKey", "effects": [], "details", "hash", "isLastOfBatch" }',
        ],
        examples: ["watch", "watch 'run-*' --key 'plan*' --from 1200 --jsonl"],
      }),
    )
    .action((contexts: string | undefined, flags: Flags) => watch(cli, contexts, flags));
}

async function watch(cli: Cli, context: string | undefined, flags: Flags): Promise<void> {
  if (cli.wantsJson)
    throw usageError("--json gives one whole document, which cannot be streamed.", "Use --jsonl alone.");
  const signal = cli.io.interrupts();
  let from: StoreWatchQuery["from"] = flags.from;
  await cli.withStore(
    async (store) => {
      const watcher = store.watch({ ...queryOf(context, flags), from, signal });
      from = watcher.position;
      await follow(watcher, async (event) => {
        await (flags.jsonl === true ? printDocument(cli, event) : printLine(cli, event));
        from = event.position;
      });
    },
    { goesOn: true },
  );
}

function queryOf(context: string | undefined, { key, type, actor }: Flags): StoreWatchQuery {
  return {
    ...(context !== undefined && { context }),
    ...(key !== undefined && { key }),
    ...(type !== undefined && { type }),
    ...(actor !== undefined && { actor }),
  };
}

async function printDocument(cli: Cli, event: WatchedEvent): Promise<void> {
  await cli.output.json(JSON.stringify({ format: 1, ...watchedEventShape(cli, event) }));
}

async function printLine({ output }: Cli, event: WatchedEvent): Promise<void> {
  const { position, context, details } = event;
  const about = context === "" && typeof details.context === "string" ? details.context : context;
  const row = eventRow(event);
  if (!output.isTerminal) return output.table([], [[String(position), about, ...cellsOf(row)]]);
  await output.line(
    { text: String(position).padEnd(8), style: "dim" },
    { text: `${about} `.padEnd(16), style: "bold" },
    ...fragmentsOf(row),
  );
}
