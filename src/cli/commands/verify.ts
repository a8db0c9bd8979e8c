import type { Command } from "commander";
import { readFileSync } from "node:fs";
import { type Fault, isContextError, type Store, type Verification } from "../../index.js";
import type { Cli } from "../cli.js";
import { CliError, usageError } from "../cli-error.js";
import { writeGuide } from "../command-guide.js";
import { countOf } from "../count-of.js";
import { getContext, readContextId } from "../references.js";

interface Flags {
  readonly head?: string;
  readonly keyFile?: string;
  readonly repair?: true;
}

/** Adds `verify`, which looks for damage, and `head`, which gives what it can later be told by. */
export function addVerify(program: Command, cli: Cli): void {
  program
    .command("verify")
    .description(
      "check the file, every chain of hashes, and every derived row; exit with 5 if anything is wrong",
    )
    .argument("[contexts...]", "only these contexts; all, unless named")
    .option("--head <head>", "a line that `head` printed, or a hash, that the chain must still hold")
    .option("--key-file <file>", "the secret that the head was signed with")
    .option("--repair", "rebuild derived tables where they are wrong; events are never changed")
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "Of each damaged context, the first bad event is told: context, event, kind, and what is wrong.",
        ],
        examples: ["verify", "verify --repair", "verify --head $(cat run-42.head) --key-file secret"],
        json: '"isSound", "contexts", "events", "faults": [{ "context", "sequence", "kind", "why" }], "repaired"',
      }),
    )
    .action((contexts: string[], flags: Flags) => verify(cli, contexts.map(readContextId), flags));
  program
    .command("head")
    .description("print the hash that stands for a context's whole history, to be kept elsewhere")
    .argument("<context>", "the context's id")
    .option("--key-file <file>", "sign it with the secret in this file")
    .addHelpText(
      "after",
      writeGuide({
        examples: ["head run-42 > run-42.head"],
        json: '"context", "sequence", "version", "hash", "text"',
      }),
    )
    .action((context: string, flags: Flags) => head(cli, readContextId(context), flags));
}

async function verify(cli: Cli, contexts: readonly string[], flags: Flags): Promise<void> {
  const { head, repair = false } = flags;
  const key = readKey(flags);
  const found = await cli.withStore((store) => {
    for (const id of contexts) requireContext(store, id);
    return store.verify({
      repair,
      ...(contexts.length > 0 && { contexts }),
      ...(head !== undefined && { head: head.trim() }),
      ...(key !== undefined && { key }),
    });
  });
  await tell(cli, found);
  const left = found.faults.filter(({ kind }) => found.repaired === undefined || !mended.includes(kind));
  if (left.length > 0) throw unsound(left.length);
}

/** Refuses an id that nothing has. A context too damaged to be opened is there: what is wrong with it is asked. */
function requireContext(store: Store, id: string): void {
  try {
    getContext(store, id);
  } catch (error) {
    if (isContextError(error, "CONTEXT_NOT_FOUND")) throw error;
  }
}

/** What a rebuild makes good. */
const mended: readonly Fault["kind"][] = ["projection", "snapshot"];

async function tell(cli: Cli, { isSound, contexts, events, faults, repaired }: Verification): Promise<void> {
  if (cli.wantsJson) {
    const shapes = faults.map(({ context, sequence, kind, why }) => ({
      context: context ?? null,
      sequence: sequence ?? null,
      kind,
      why,
    }));
    return cli.output.document("verify", {
      isSound,
      contexts,
      events,
      faults: shapes,
      repaired: repaired ?? null,
    });
  }
  await cli.output.table(
    ["CONTEXT", "EVENT", "KIND", "WHAT IS WRONG"].map((title) => ({ title })),
    faults.map(({ context = "", sequence, kind, why }) => [
      { text: context, style: "bold" },
      sequence === undefined ? "" : `#${sequence}`,
      { text: kind, style: "red" },
      why,
    ]),
  );
  const looked = `Checked ${countOf(events, "event")} of ${countOf(contexts, "context")}`;
  await cli.output.note(
    `${looked}: ${isSound ? "all is as it was written" : countOf(faults.length, "fault")}.`,
  );
  if (repaired !== undefined) await cli.output.note("The derived tables were rebuilt from the events.");
}

/** The faults have been shown; what is left to say is that there are some. */
function unsound(count: number): CliError {
  const hint = "A good copy can be loaded from an export or a backup; --repair mends derived tables only.";
  return new CliError(
    "STORE_DAMAGED",
    "integrity",
    `The store is damaged: ${countOf(count, "fault")}.`,
    hint,
  );
}

async function head(cli: Cli, id: string, flags: Flags): Promise<void> {
  const key = readKey(flags);
  const found = await cli.withStore((store) => getContext(store, id).head(key === undefined ? {} : { key }));
  const { context, sequence, version, hash, text } = found;
  if (cli.wantsJson) return cli.output.document("head", { context, sequence, version, hash, text });
  await cli.output.line(text);
}

/** A line end at the end of the file is none of the secret. */
function readKey({ keyFile }: Flags): string | undefined {
  if (keyFile === undefined) return undefined;
  try {
    const key = readFileSync(keyFile, "utf8").replace(/\r?\n$/, "");
    if (key !== "") return key;
  } catch (error) {
    throw usageError(`File ${JSON.stringify(keyFile)} cannot be read: ${(error as Error).message}.`);
  }
  throw usageError(`File ${JSON.stringify(keyFile)} is empty.`);
}
