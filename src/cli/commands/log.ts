import { type Command, Option } from "commander";
import type { Context, ContextEvent, EventType } from "../../index.js";
import type { Cli } from "../cli.js";
import { type CommandGuide, writeGuide } from "../command-guide.js";
import { usageError } from "../cli-error.js";
import { changeRow, changeShape } from "../change-shape.js";
import { eventRow, eventShape } from "../event-shape.js";
import { showGraph } from "../event-graph.js";
import { follow } from "../follow.js";
import { type LogRow, writeLogRows } from "../log-rows.js";
import { eventPages, newestEvents, type EventFilter } from "../event-pages.js";
import { point, wholeNumber } from "../option-values.js";
import { differenceOf } from "../event-difference.js";
import { writeDifference } from "../difference-output.js";
import { differenceShape } from "../difference-shape.js";
import type { EventShape } from "../json-event-shapes.js";
import { getContext, readContextId } from "../references.js";

interface Flags {
  readonly number?: number;
  readonly follow?: true;
  readonly key?: string;
  readonly path?: string;
  readonly type?: EventType;
  readonly actor?: string;
  readonly cause?: string;
  readonly phase?: string;
  readonly since?: string;
  readonly until?: string;
  readonly patch?: true;
  readonly changes?: true;
  readonly graph?: true;
  readonly jsonl?: true;
}

const guide: CommandGuide = {
  notes: [
    "One line an event: sequence, version, time, type, keys, actor, phase. With --patch, indented below it,",
    'one line for each change of persistent keys; in documents, "changes", as of the command diff.',
    "Points are @17, #23, @~3, @snapshot:before or a time such as 2026-11-23T10:00Z.",
    "With --graph, the events of the whole family of forks by their times, each also with its context.",
    'With --changes, the list is called "changes"; with --jsonl, each line is one event with "format".',
  ],
  examples: ["log run-42 -n 20 -f", "log run-42 --path plan.steps --since @17 -p"],
  json: '"context", "events": [{ "sequence", "version", "type", "at", "actor", "cause", "phase", "batch", "tags", "idempotencyKey", "effects": [], "details", "hash", "changes": [] }]',
};

/** Adds `log`, which tells what happened. */
export function addLog(program: Command, cli: Cli): void {
  program
    .command("log")
    .description("list a context's events, newest last")
    .argument("<context>", "the context's id")
    .addOption(new Option("-n, --number <n>", "only the newest so many").argParser(wholeNumber))
    .option("-f, --follow", "go on with what is written from now on, by any process, until Ctrl-C")
    .option("-p, --patch", "show below each event what it changed")
    .option("--key <key>", "only events that touch this key")
    .option("--path <path>", "only events that changed what is there, such as plan.steps[3]")
    .option("--type <type>", "only events of this type, such as value_set")
    .option("--actor <actor>", "only events of this actor")
    .option("--cause <cause>", "only events of this cause")
    .option("--phase <phase>", "only events of runs of this phase, by its name, or of one, by its id")
    .addOption(new Option("--since <point>", "only events after this point").argParser(point))
    .addOption(new Option("--until <point>", "only events up to this point").argParser(point))
    .addOption(
      new Option("--changes", "the change log instead: changes of data and protection only").conflicts([
        ...["follow", "patch", "jsonl"],
        ...["key", "path", "type", "actor", "cause", "phase", "since", "until"],
      ]),
    )
    .addOption(
      new Option("--graph", "with the events of all relatives, drawn as a tree of forks").conflicts([
        ...["changes", "follow", "patch", "jsonl"],
        ...["key", "path", "type", "actor", "cause", "phase", "since", "until"],
      ]),
    )
    .option("--jsonl", "one JSON document an event, as they come")
    .addHelpText("after", writeGuide(guide))
    .action((context: string, flags: Flags) => log(cli, readContextId(context), flags));
}

async function log(cli: Cli, id: string, flags: Flags): Promise<void> {
  if (cli.wantsJson && (flags.follow === true || flags.jsonl === true)) {
    throw usageError("--json gives one whole document, which cannot be streamed.", "Use --jsonl alone.");
  }
  await cli.withStore(async (store) => {
    const context = getContext(store, id);
    if (flags.graph === true) return showGraph(cli, store, id, flags.number);
    if (flags.changes === true) return showChanges(cli, context, flags.number);
    if (cli.wantsJson) return showDocument(cli, context, flags);
    await stream(cli, context, flags);
  });
}

async function showChanges(cli: Cli, context: Context, number: number | undefined): Promise<void> {
  const changes = context.changes(number === undefined ? {} : { limit: number });
  if (!cli.wantsJson) return writeLogRows(cli.output, changes.map(changeRow));
  await cli.output.document("changes", { context: context.id, changes: changes.map(changeShape) });
}

async function showDocument(cli: Cli, context: Context, flags: Flags): Promise<void> {
  const events =
    flags.number === undefined
      ? context.history(filterOf(flags))
      : newestEvents(context, filterOf(flags), flags.number);
  await cli.output.document("log", {
    context: context.id,
    events: events.map((event) => shapeOf(cli, context, event, flags)),
  });
}

/** Prints page by page, so that a long history neither waits nor fills the memory. */
async function stream(cli: Cli, context: Context, flags: Flags): Promise<void> {
  const filter = filterOf(flags);
  // What is written while the past is printed is in both.
  const watcher =
    flags.follow === true ? context.watch({ ...patternsOf(flags), signal: cli.io.interrupts() }) : undefined;
  const print = async (events: ReturnType<Context["history"]>) => {
    if (flags.jsonl !== true) return writeEvents(cli, context, events, flags);
    for (const event of events)
      await cli.output.json(JSON.stringify({ format: 1, ...shapeOf(cli, context, event, flags) }));
  };
  let seen = 0;
  if (flags.number !== undefined) {
    const newest = newestEvents(context, filter, flags.number);
    await print(newest);
    seen = newest.at(-1)?.sequence ?? 0;
  } else seen = await printPages(context, filter, print);
  if (watcher === undefined) return;
  await follow(watcher, async (event) => {
    if (event.sequence > seen) await print([event]);
  });
}

/** Prints all there is; gives the number of the last event. */
async function printPages(
  context: Context,
  filter: EventFilter,
  print: (events: ReturnType<Context["history"]>) => Promise<void>,
): Promise<number> {
  let last = 0;
  for (const page of eventPages(context, filter)) {
    await print(page);
    last = page.at(-1)?.sequence ?? last;
  }
  return last;
}

function shapeOf(cli: Cli, context: Context, event: ContextEvent, { patch }: Flags): EventShape {
  const shape = eventShape(cli, event);
  return patch === true ? { ...shape, changes: differenceShape(cli, differenceOf(context, event)) } : shape;
}

async function writeEvents(
  cli: Cli,
  context: Context,
  events: readonly ContextEvent[],
  { patch }: Flags,
): Promise<void> {
  const rows = events.map((event) => named(cli, context, eventRow(event)));
  if (patch !== true) return writeLogRows(cli.output, rows);
  for (const [index, event] of events.entries()) {
    await writeLogRows(cli.output, rows.slice(index, index + 1));
    await writeDifference(cli, differenceOf(context, event), "    ");
  }
}

/** A person knows a phase by its name; a program asks for one by its id. */
function named(cli: Cli, context: Context, row: LogRow): LogRow {
  if (!cli.output.isTerminal || row.phase === null) return row;
  return { ...row, phase: context.phases().find(({ id }) => id === row.phase)?.name ?? row.phase };
}

function filterOf(flags: Flags): EventFilter {
  const names = ["key", "path", "type", "actor", "cause", "phase", "since", "until"] as const;
  // What commander took in is text, and a type that is none is that of no event.
  return Object.fromEntries(
    names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  );
}

/** The same for a watch, which takes a key for a pattern. */
function patternsOf({ key, ...flags }: Flags): EventFilter {
  return filterOf({ ...flags, ...(key !== undefined && { key: key.replace(/[*?[]/g, "[$&]") }) });
}
