import type { Command } from "commander";
import { type MissingEvents, type Recovery, type Salvage, salvageStore } from "../../index.js";
import type { Cli } from "../cli.js";
import { CliError } from "../cli-error.js";
import { writeGuide } from "../command-guide.js";
import { countOf } from "../count-of.js";
import type { SalvageShape } from "../json-shapes.js";
import type { Fragment } from "../styled-text.js";

interface Flags {
  readonly actor?: string;
  readonly cause?: string;
}

/** Adds `salvage`, which recovers what still verifies of a damaged store. */
export function addSalvage(program: Command, cli: Cli): void {
  program
    .command("salvage")
    .description(
      "recover every event of a damaged store that still verifies into a new one; exit with 5 if any is missing",
    )
    .argument("<broken>", "the damaged store; it is only read, and nobody may have it open")
    .argument("<into>", "the store to make; it must not exist")
    .option("--actor <id>", "who does it; kept with the store's own events")
    .option("--cause <text>", "what made them do it")
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "Takes the log beside the damaged store, too. Of each context, its events are recovered from the first",
          "on, up to the first that is missing or damaged; those behind it go to <into>.unplaced.jsonl.",
        ],
        examples: ["salvage broken.db salvaged.db"],
        json:
          '"file", "isComplete", "contexts": [{ "context", "recovered", "of", "missing": [{ "from", "to", "why" }], "added": [] }], ' +
          '"stream": { "recovered", "of", "missing" }, "deleted": [], "damage": [], "mayHideEvents", ' +
          '"anchor": { "position", "isRecovered" } or null, "unplaced": { "events", "file" }, "isSound"',
      }),
    )
    .action((broken: string, into: string, flags: Flags) => salvage(cli, broken, into, flags));
}

async function salvage(cli: Cli, broken: string, into: string, { actor, cause }: Flags): Promise<void> {
  const attribution = { ...(actor !== undefined && { actor }), ...(cause !== undefined && { cause }) };
  const found = cli.withClasses((classes) => salvageStore(broken, into, { classes, ...attribution }));
  if (cli.wantsJson) await cli.output.document("salvage", shapeOf(found));
  else await tell(cli, found);
  if (!found.isComplete || !found.verification.isSound) throw incomplete(found);
}

function shapeOf({ verification, anchor, contexts, unplaced, ...others }: Salvage): SalvageShape {
  return {
    ...others,
    contexts: contexts.map((one) => ({ ...one, context: one.context ?? null })),
    anchor: anchor ?? null,
    unplaced: { events: unplaced.events, file: unplaced.file ?? null },
    isSound: verification.isSound,
  };
}

async function tell(cli: Cli, found: Salvage): Promise<void> {
  const { contexts, stream, damage, deleted, anchor, unplaced, file } = found;
  await cli.output.table(
    ["CONTEXT", "RECOVERED", "MISSING", "WHY"].map((title) => ({ title })),
    contexts.flatMap((one) => rowsOf(one.context ?? "", one)),
  );
  const notes = [
    ...damage.map((what) => `Damage: ${what}.`),
    ...stream.missing.map((missing) => `Of the store's own events, ${rangeOf(missing)}: ${missing.why}.`),
    ...contexts.flatMap(({ context = "", added }) =>
      added.map((what) => `Context ${JSON.stringify(context)} got an event more: ${what}.`),
    ),
    ...deleted.map((name) => `Context ${JSON.stringify(name)} had been deleted; it stays so.`),
    ...(anchor?.isRecovered === false
      ? [`The anchor names a newer event, at position ${anchor.position}, that was not recovered.`]
      : []),
    ...(unplaced.file === undefined
      ? []
      : [`${countOf(unplaced.events, "event")} without a place: ${JSON.stringify(unplaced.file)}.`]),
    `Salvaged ${countOf(found.verification.events, "event")} into ${JSON.stringify(file)}.`,
  ];
  for (const note of notes) await cli.output.note(note);
}

/** A context that is whole has one row; otherwise each stretch that is missing has one. */
function rowsOf(name: string, { recovered, of, missing }: Recovery): Fragment[][] {
  const reached = `#${recovered} of #${of}`;
  if (missing.length === 0) return [[{ text: name, style: "bold" }, reached, "", ""]];
  return missing.map((stretch) => [
    { text: name, style: "bold" },
    reached,
    { text: rangeOf(stretch), style: "red" },
    stretch.why,
  ]);
}

function rangeOf({ from, to }: MissingEvents): string {
  return from === to ? `#${from}` : `#${from} to #${to}`;
}

function incomplete({ verification, mayHideEvents }: Salvage): CliError {
  const [code, ending] = ["SALVAGE_INCOMPLETE", "integrity"] as const;
  if (!verification.isSound)
    return new CliError(
      code,
      ending,
      "The new store does not verify.",
      "Run `durable-context verify` on it.",
    );
  const hint = mayHideEvents
    ? "So much of the files cannot be read that events may be gone without a trace."
    : "What is there verifies. A backup or an export may have what is missing.";
  return new CliError(code, ending, "Not everything could be recovered.", hint);
}
