import { type Command, Option } from "commander";
import type { Cli } from "../cli.js";
import { usageError } from "../cli-error.js";
import { writeGuide } from "../command-guide.js";
import { point, wholeNumber, wholeNumbers } from "../option-values.js";
import { getContext, type Place, readReference } from "../references.js";
import { listReplay } from "../replay-listing.js";
import { type RangeWish, readRange } from "../replay-range.js";
import { stepThrough } from "../stepper/step-through.js";

interface Flags {
  readonly from?: string;
  readonly to?: string;
  readonly key?: string;
  readonly type?: string;
  readonly actor?: string;
  readonly number?: number;
  readonly skip?: readonly number[];
  readonly jsonl?: true;
}

/** Adds `replay`, which goes through a history event by event. */
export function addReplay(program: Command, cli: Cli): void {
  program
    .command("replay")
    .description("step through a context's history and see what each event changed")
    .argument("<reference>", "a context, or the point in its history to begin at, such as run-42@17")
    .addOption(
      new Option("--from <point>", "only events from this point on, such as @17 or #23").argParser(point),
    )
    .addOption(new Option("--to <point>", "only events up to this point").argParser(point))
    .option("--key <key>", "only events that touch this key")
    .option("--type <type>", "only events of this type, such as value_set")
    .option("--actor <actor>", "only events of this actor")
    .addOption(new Option("-n, --number <n>", "only the newest so many").argParser(wholeNumber))
    .addOption(
      new Option("--skip <sequence>", "leave an event out: what would be without it? (repeatable)").argParser(
        wholeNumbers,
      ),
    )
    .option("--jsonl", "one JSON document a step, as they come")
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "On a terminal: arrows step, : jumps to a point, / filters, d shows the whole state, ? lists all keys.",
          "Elsewhere: each event as a line of the log, and what it changed below: + added, - removed, ~ changed;",
          "a point in the reference is then where the list ends.",
          'With --jsonl, each line is one step with "format".',
        ],
        examples: ["replay run-42", "replay run-42 --skip 17", "replay run-42 --key plan --from @17 | less"],
        json: '"context", "steps": [{ "event": {}, "skipped", "changed": [{ "key", "scope", "before", "after" }] }]',
      }),
    )
    .action((reference: string, flags: Flags) => replay(cli, readReference(reference), flags));
}

async function replay(cli: Cli, place: Place, flags: Flags): Promise<void> {
  const isDocument = cli.wantsJson || flags.jsonl === true;
  if (cli.wantsJson && flags.jsonl === true) {
    throw usageError("--json gives one whole document, which cannot be streamed.", "Use --jsonl alone.");
  }
  const wish = wishOf(flags);
  const { terminal } = cli.io;
  if (terminal !== undefined && !isDocument) return stepThrough(cli, terminal, place, wish);
  await cli.withStore(async (store) => {
    const context = getContext(store, place.id);
    const range = readRange(context, { ...wish, to: wish.to ?? place.point });
    const form = flags.jsonl === true ? "lines" : cli.wantsJson ? "document" : "text";
    await listReplay(cli, context, range, form);
  });
}

function wishOf({ key, type, actor, from, to, number, skip = [] }: Flags): RangeWish {
  const match = {
    ...(key !== undefined && { key }),
    ...(type !== undefined && { type }),
    ...(actor !== undefined && { actor }),
  };
  return { from, to, number, skip, match };
}
