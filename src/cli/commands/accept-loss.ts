import type { Command } from "commander";
import { isContextError, openStore, type ContextError } from "../../index.js";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { confirm } from "../confirm.js";

interface Flags {
  readonly actor?: string;
  readonly cause?: string;
  readonly yes?: true;
}

/** Adds `accept-loss`, which goes on with a store that lacks what was acknowledged. */
export function addAcceptLoss(program: Command, cli: Cli): void {
  program
    .command("accept-loss")
    .description("go on with a store that lacks acknowledged events or has lost its anchor; the log keeps it")
    .option("--yes", "do not ask")
    .option("--actor <id>", "who accepts it")
    .option("--cause <text>", "why")
    .addHelpText(
      "after",
      writeGuide({
        notes: ["Put the right files back first, if you can: what is accepted here is lost for good."],
        examples: ["accept-loss --actor admin --cause 'the -wal was deleted'"],
        json: '"accepted", "why"',
      }),
    )
    .action((flags: Flags) => acceptLoss(cli, flags));
}

async function acceptLoss(cli: Cli, { yes, actor, cause }: Flags): Promise<void> {
  const refusal = findLoss(cli.location);
  const why = refusal === undefined ? null : reasonOf(refusal);
  if (refusal !== undefined) {
    if (yes !== true) await confirm(cli.io, `${refusal.message} Accept the loss?`);
    openStore(cli.location, {
      create: false,
      behind: "accept",
      ...(actor !== undefined && { actor }),
      ...(cause !== undefined && { cause }),
    }).close();
  }
  if (cli.wantsJson) return cli.output.document("acceptLoss", { accepted: why !== null, why });
  await cli.output.note(
    why === null
      ? "Nothing is lacking: the store holds all that its anchor tells of."
      : `The store goes on with what is there: ${why}.`,
  );
}

type LossRefusal = ContextError<"STORE_BEHIND"> | ContextError<"STORE_UNANCHORED">;

function reasonOf({ code, details }: LossRefusal): string {
  return code === "STORE_BEHIND" ? details.why : `its anchor is ${details.why}`;
}

/** What the store is refused for, where it is for that. */
function findLoss(location: string): LossRefusal | undefined {
  try {
    openStore(location, { create: false }).close();
    return undefined;
  } catch (error) {
    if (isContextError(error, "STORE_BEHIND") || isContextError(error, "STORE_UNANCHORED")) return error;
    throw error;
  }
}
