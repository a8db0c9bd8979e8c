import type { Command } from "commander";
import { diff, type Difference, type View } from "../../index.js";
import type { Cli } from "../cli.js";
import { usageError } from "../cli-error.js";
import { writeGuide } from "../command-guide.js";
import { differenceShape } from "../difference-shape.js";
import { writeDifference } from "../difference-output.js";
import { Findings } from "../findings.js";
import type { PlaceShape } from "../json-shapes.js";
import { getContext, type Place, readReference, readReferenceBeside } from "../references.js";

interface Flags {
  readonly patch?: true;
  readonly exitCode?: true;
}

/** Adds `diff`, which compares two states. */
export function addDiff(program: Command, cli: Cli): void {
  program
    .command("diff")
    .description("show what changed between two states, of one context or of two")
    .argument("<from>", "a point in a context's history, such as run-42@17, or another context")
    .argument("[to]", "the same, or a point of the first context, such as @20 (default: the first one now)")
    .option("--patch", "answer with a JSON Patch (RFC 6902)")
    .option("--exit-code", "exit with 6 if there is a difference")
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "One line a change: + added, - removed, ~ changed. Elements of lists are compared by content, long",
          "texts by their words. Only persistent keys are compared.",
          'With --json and --patch, the document has the "patch" too.',
        ],
        examples: ["diff run-42@17", "diff run-42@snapshot:before @~1", "diff run-42 run-43 --patch"],
        json: '"from": { "context", "version", "sequence" }, "to": {}, "changes": [{ "kind", "path", "before", "after", "text": [{ "at", "removed", "inserted" }] }]',
      }),
    )
    .action((from: string, to: string | undefined, flags: Flags) =>
      compare(cli, readPlaces(from, to), flags),
    );
}

function readPlaces(from: string, to: string | undefined): readonly [Place, Place] {
  const first = readReference(from);
  if (to !== undefined) return [first, readReferenceBeside(to, first)];
  if (first.point !== undefined) return [first, { id: first.id, point: undefined }];
  throw usageError(
    `${JSON.stringify(from)} is the present state, and nothing was named to compare it with.`,
    `Write '${from}@~1', or name a second context.`,
  );
}

async function compare(cli: Cli, [from, to]: readonly [Place, Place], flags: Flags): Promise<void> {
  const difference = await cli.withStore(async (store) => {
    const viewOf = ({ id, point = "@latest" }: Place) => getContext(store, id).at(point);
    const [before, after] = [viewOf(from), viewOf(to)];
    const changes = diff(before, after);
    await show(cli, { before, after, changes }, flags);
    return changes;
  });
  if (difference.length > 0 && flags.exitCode === true) throw new Findings();
}

interface Comparison {
  readonly before: View;
  readonly after: View;
  readonly changes: Difference;
}

async function show(cli: Cli, { before, after, changes }: Comparison, { patch }: Flags): Promise<void> {
  const operations = patch === true ? cli.patchOf(changes) : undefined;
  if (cli.wantsJson) {
    return cli.output.document("diff", {
      from: placeShape(before),
      to: placeShape(after),
      changes: differenceShape(cli, changes),
      ...(operations !== undefined && { patch: operations }),
    });
  }
  if (operations !== undefined) {
    return cli.output.json(JSON.stringify(operations, undefined, cli.output.isTerminal ? 2 : undefined));
  }
  await writeDifference(cli, changes);
  if (changes.length === 0 && cli.output.isTerminal) await cli.output.note("There is no difference.");
}

function placeShape({ context, version, sequence }: View): PlaceShape {
  return { context, version, sequence };
}
