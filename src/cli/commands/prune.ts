import type { Command } from "commander";
import type { Hold, Pruned, PruneOptions } from "../../index.js";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { countOf } from "../count-of.js";
import { point, wholeNumber } from "../option-values.js";
import { getContext, readContextId } from "../references.js";

interface Flags {
  readonly before?: string;
  readonly keepVersions?: number;
  readonly dropSnapshots?: true;
  readonly dropUnpinned?: true;
  readonly archive?: string | false;
  readonly dryRun?: true;
  readonly actor?: string;
  readonly cause?: string;
}

/** Adds `prune`, which moves old events to archives. */
export function addPrune(program: Command, cli: Cli): void {
  program
    .command("prune")
    .description("move old events to compressed archives; the states from there on stay as they are")
    .argument("[context]", "the context's id (default: every context)")
    .option("--before <point>", "what lies before this point goes", point)
    .option(
      "--keep-versions <count>",
      "so many of the newest versions stay, whatever else is said",
      wholeNumber,
    )
    .option("--drop-snapshots", "let go what only listed snapshots need")
    .option("--drop-unpinned", "let go what only snapshots need that are not pinned")
    .option("--archive <folder>", "where the archives go (default: the store's file name with .archive)")
    .option("--no-archive", "throw away what goes")
    .option("--dry-run", "only tell what would go")
    .option("--actor <id>", "who does it; kept with the event")
    .option("--cause <text>", "what made them do it")
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "Others may read and write meanwhile. What snapshots, forks, open phases and merges need stays.",
          "An archive is an export: load it into a new store to read it.",
        ],
        examples: [
          "prune run-42 --keep-versions 100 --dry-run",
          "prune --before 2026-10-01 --keep-versions 50",
        ],
        json: '"isDryRun", "contexts": [{ "context", "floor", "events", "bytes", "archive": { "file", "sha256" }, "heldBy": [{ "by", "id", "sequence" }] }]',
      }),
    )
    .action((context: string | undefined, flags: Flags) =>
      prune(cli, context === undefined ? undefined : readContextId(context), flags),
    );
}

async function prune(cli: Cli, id: string | undefined, flags: Flags): Promise<void> {
  const options = optionsOf(flags);
  const all = await cli.withStore((store) =>
    id === undefined ? store.prune(options) : [getContext(store, id).prune(options)],
  );
  const isDryRun = flags.dryRun === true;
  if (cli.wantsJson) return cli.output.document("prune", { isDryRun, contexts: all.map(documentOf) });
  const pruned = all.filter(({ events, heldBy }) => events > 0 || heldBy.length > 0);
  await cli.output.table(
    [
      { title: "CONTEXT" },
      { title: "EVENTS", align: "right" },
      { title: "BYTES", align: "right" },
      { title: "FLOOR", align: "right" },
      { title: "HELD BY" },
      { title: "ARCHIVE" },
    ],
    pruned.map(({ context, events, bytes, floor, heldBy, archive }) => [
      { text: context, style: "bold" },
      String(events),
      String(bytes),
      floor === 0 ? "" : `#${floor}`,
      heldBy[0] === undefined ? "" : holdText(heldBy[0]),
      archive?.file ?? "",
    ]),
  );
  const events = all.reduce((sum, each) => sum + each.events, 0);
  await cli.output.note(`${isDryRun ? "Would prune" : "Pruned"} ${countOf(events, "event")}.`);
}

function optionsOf({
  before,
  keepVersions,
  dropSnapshots,
  dropUnpinned,
  archive,
  dryRun,
  actor,
  cause,
}: Flags): PruneOptions {
  return {
    keep: {
      snapshots: dropSnapshots !== true && (dropUnpinned === true ? "pinned" : true),
      ...(keepVersions !== undefined && { versions: keepVersions }),
    },
    ...(before !== undefined && { before }),
    // Without either option, commander says `true`.
    ...(archive !== undefined && (archive as unknown) !== true && { archive }),
    ...(dryRun === true && { dryRun }),
    ...(actor !== undefined && { actor }),
    ...(cause !== undefined && { cause }),
  };
}

function documentOf({ archive, ...pruned }: Pruned) {
  const { file, sha256 = null } = archive ?? {};
  const { heldBy, ...rest } = pruned;
  return { ...rest, archive: file === undefined ? null : { file, sha256 }, heldBy };
}

function holdText({ by, id, sequence }: Hold): string {
  return `${by} ${id} (#${sequence})`;
}
