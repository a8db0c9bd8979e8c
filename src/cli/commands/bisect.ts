import { type Command, Option } from "commander";
import { type BisectFound, type Context, type Difference, isContextError } from "../../index.js";
import { commandJudge } from "../bisect/command-judge.js";
import { expressionJudge } from "../bisect/expression-judge.js";
import type { Judge } from "../bisect/judge.js";
import type { Cli } from "../cli.js";
import { CliError, usageError } from "../cli-error.js";
import { writeGuide } from "../command-guide.js";
import { writeDifference } from "../difference-output.js";
import { differenceShape } from "../difference-shape.js";
import { isoTime } from "../iso-time.js";
import { writeLogRows } from "../log-rows.js";
import { wholeNumber } from "../option-values.js";
import { getContext, type Range, readRange, referenceOf } from "../references.js";

interface Flags {
  readonly when?: string;
  readonly exec?: string;
  readonly timeout: number;
}

/** Adds `bisect`, which finds the event that turned something. */
export function addBisect(program: Command, cli: Cli): void {
  program
    .command("bisect")
    .description("find the first version at which something is true, and the event that made it so")
    .argument("<reference>", "a context, or where in its history to begin, such as run-42@3")
    .argument("[reference]", "where to end, such as run-42@9, or only @9 (default: now)")
    .option("--when <expression>", "JavaScript over data and version that is true from some version on")
    .addOption(
      new Option(
        "--exec <command>",
        "a shell command that gets the state on stdin, and tells by its exit code",
      ).conflicts("when"),
    )
    .addOption(
      new Option("--timeout <seconds>", "for --when: at most so long for one state")
        .argParser(wholeNumber)
        .default(5),
    )
    .addHelpText("after", writeGuide(guide))
    .action((from: string, to: string | undefined, flags: Flags) => bisect(cli, readRange(from, to), flags));
}

const guide = {
  notes: [
    "Between a state where it is not true and a later one where it is, one turn is assumed; if there are",
    "more, one of them is found. The states inside a batch are passed over. Exits with 3 where it is not",
    "true at the end of the range.",
    "",
    "--when: data is the state, frozen; dates, bigints, maps, sets and regular expressions are what they were,",
    "a URL is its text, an instance of a class what its encode gave. The expression runs in a process of its",
    "own without an environment, files, timers or modules, with a limit on time and memory. That keeps",
    "mistakes from doing harm. It is no wall against malice: run only expressions that you trust.",
    "",
    "--exec: as with git bisect run, 0 means not yet, 1 to 124, 126 and 127 mean that it has turned, 125 that",
    "nobody can tell (which ends the search), 128 and more end the search. DURABLE_CONTEXT_VERSION says which",
    "version it is. What the command prints goes to stderr.",
  ],
  examples: [
    "bisect run-42 --when 'data.budget < 0'",
    "bisect run-42@snapshot:before @~3 --when 'data.plan.steps.some((step) => step.owner === undefined)'",
    `bisect run-42 --exec 'jq -e ".budget >= 0" > /dev/null'`,
  ],
  json: '"context", "version", "sequence", "before", "event": { "context", "sequence", "version", "type", "at", "actor", "cause", "phase", "batch", "tags" }, "difference": [{ "kind", "path", "before", "after" }], "steps"',
};

async function bisect(cli: Cli, range: Range, flags: Flags): Promise<void> {
  const judge = judgeOf(cli, flags);
  await cli.withStore(async (store) => {
    const context = getContext(store, range.id);
    const found = find(cli, context, range, judge);
    if (found === undefined) throw notTurned(range);
    const { version, before } = found;
    const difference = before === undefined ? [] : context.diff(before, version);
    await tell(cli, context.id, found, difference);
  });
}

function judgeOf(cli: Cli, { when, exec, timeout }: Flags): Judge {
  if (when !== undefined) return expressionJudge(when, timeout);
  if (exec !== undefined) return commandJudge(exec, { ...cli.io.env, DURABLE_CONTEXT_STORE: cli.location });
  throw usageError(
    "Nothing says what to look for.",
    "Pass --when with an expression, or --exec with a command.",
  );
}

function find(
  cli: Cli,
  context: Context,
  { from = "@0", to = "@latest" }: Range,
  judge: Judge,
): BisectFound | undefined {
  const isWatched = cli.io.isTTY.stderr === true;
  try {
    return context.bisect(
      ({ version, data }) => {
        const reference = referenceOf({ id: context.id, point: `@${version}` });
        const hasTurned = judge({ reference, version, json: cli.textOf(data) });
        if (isWatched) void cli.output.note(`${reference}: ${hasTurned ? "it has turned" : "not yet"}`);
        return hasTurned;
      },
      { from, to },
    );
  } catch (error) {
    // What a judge throws is said in words of the command line already.
    throw isContextError(error, "PREDICATE_FAILED") ? error.cause : error;
  }
}

function notTurned({ id, to = "@latest" }: Range): CliError {
  const end = referenceOf({ id, point: to });
  return new CliError("NOT_TURNED", "notFound", `It is not true at ${end}, where the range ends.`);
}

async function tell(
  cli: Cli,
  id: string,
  { version, sequence, event, before, steps }: BisectFound,
  difference: Difference,
): Promise<void> {
  const reference = referenceOf({ id, point: `@${version}` });
  if (before === undefined)
    await cli.output.note(`It is true from the start of the range, ${reference}; the turn may lie before.`);
  if (cli.wantsJson) {
    const { at, ...header } = event;
    return cli.output.document("bisect", {
      ...{ context: id, version, sequence, before: before ?? null },
      ...{ event: { ...header, at: isoTime(at) }, difference: differenceShape(cli, difference), steps },
    });
  }
  const keys = [...new Set(difference.map(({ path }) => String(path[0])))];
  await writeLogRows(cli.output, [{ ...event, what: event.type, keys }]);
  await writeDifference(cli, difference);
}
