import type { Command } from "commander";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { headerShape } from "../event-shape.js";
import type { Fragment } from "../styled-text.js";
import { isoTime } from "../iso-time.js";
import type { StateShape } from "../json-shapes.js";
import { getContext, presentReference, readReference } from "../references.js";

/** Adds `show`, which shows a state. */
export function addShow(program: Command, cli: Cli): void {
  program
    .command("show")
    .description("show a context's keys and values, now or at a point in its history")
    .argument("<reference>", "a context, such as run-42, or a point in its history, such as run-42@17")
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          'The "event" is the one that made the version. On a terminal, it stands in the second line.',
          "Ephemeral keys and marks of protection are shown for the present only.",
          'Elsewhere than on a terminal: scope, key, "protected" or nothing, and the value, one key a line.',
        ],
        examples: ["show run-42@~3"],
        json: '"context", "version", "sequence", "at", "event": { "context", "sequence", "version", "type", "at", "actor", "cause", "phase", "batch", "tags" }, "persistent": {}, "ephemeral": {}, "protected": []',
      }),
    )
    .action((reference: string) => show(cli, reference));
}

async function show(cli: Cli, text: string): Promise<void> {
  const { id, point } = readReference(text);
  const state = await readState(cli, id, point);
  if (cli.wantsJson) return cli.output.document("show", state);
  const rows = [...rowsOf(state, "persistent"), ...rowsOf(state, "ephemeral")];
  if (!cli.output.isTerminal) {
    return cli.output.table(
      [{ title: "SCOPE" }, { title: "KEY" }, { title: "MARK" }, { title: "VALUE" }],
      rows,
    );
  }
  const { version, sequence, at } = state;
  await cli.output.line(
    { text: presentReference({ id, version }), style: "bold" },
    `  event #${sequence}  ${at}`,
  );
  await cli.output.line(...authorOf(state));
  await cli.output.table([{ title: "SCOPE" }, { title: "KEY" }, { title: "MARK" }, { title: "VALUE" }], rows);
}

async function readState(cli: Cli, id: string, point: string | undefined): Promise<StateShape> {
  return cli.withStore((store) => {
    const context = getContext(store, id);
    // The event that was read with the rest, whatever others write meanwhile.
    const view = context.at(point ?? `#${context.sequence}`);
    const state = {
      context: id,
      version: view.version,
      sequence: view.sequence,
      at: isoTime(view.at),
      event: headerShape(view.event),
      persistent: cli.treeOf(view.data),
    };
    if (point !== undefined) return state;
    return { ...state, ephemeral: cli.treeOf(context.ephemeral), protected: context.protectedKeys };
  });
}

/** Which event made the version, and who and what is behind it. */
function authorOf({ event }: StateShape): Fragment[] {
  const { sequence, type, actor, cause } = event;
  return [
    { text: `made by #${sequence}`, style: "yellow" },
    ` ${type}`,
    actor === null ? "" : `  by ${actor}`,
    cause === null ? "" : `  because of ${cause}`,
  ];
}

function rowsOf(state: StateShape, scope: "persistent" | "ephemeral"): Fragment[][] {
  // Both are trees of a record of keys.
  const values = Object.entries((state[scope] ?? {}) as Readonly<Record<string, unknown>>);
  return values.map(([key, value]) => [
    { text: scope, style: "dim" },
    { text: key, style: "cyan" },
    state.protected?.includes(key) === true ? { text: "protected", style: "yellow" } : "",
    JSON.stringify(value),
  ]);
}
