import { Command, Option } from "commander";
import { readFileSync } from "node:fs";
import type { Cli } from "./cli.js";
import type { CliIo } from "./cli-io.js";
import { addAcceptLoss } from "./commands/accept-loss.js";
import { addBackup } from "./commands/backup.js";
import { addBisect } from "./commands/bisect.js";
import { addCompact } from "./commands/compact.js";
import { addContexts } from "./commands/contexts.js";
import { addDelete } from "./commands/delete.js";
import { addFork } from "./commands/fork.js";
import { addBlame } from "./commands/blame.js";
import { addDiff } from "./commands/diff.js";
import { addGet } from "./commands/get.js";
import { addImportLangGraph } from "./commands/import-langgraph.js";
import { addImportPython } from "./commands/import-python.js";
import { addLineage } from "./commands/lineage.js";
import { addLoad } from "./commands/load.js";
import { addLog } from "./commands/log.js";
import { addMerge } from "./commands/merge.js";
import { addPin, addUnpin } from "./commands/pin.js";
import { addPrune } from "./commands/prune.js";
import { addRebuild } from "./commands/rebuild.js";
import { addRedact } from "./commands/redact.js";
import { addReplay } from "./commands/replay.js";
import { addRestore } from "./commands/restore.js";
import { addSalvage } from "./commands/salvage.js";
import { addSave } from "./commands/save.js";
import { addSearch } from "./commands/search.js";
import { addSet } from "./commands/set.js";
import { addShow } from "./commands/show.js";
import { addSnapshot } from "./commands/snapshot.js";
import { addSnapshots } from "./commands/snapshots.js";
import { addSql } from "./commands/sql.js";
import { addStats } from "./commands/stats.js";
import { addVerify } from "./commands/verify.js";
import { addWatch } from "./commands/watch.js";
import { addWhy } from "./commands/why.js";
import { addCompletion } from "./completion.js";
import { escapeControlsInLines } from "./terminal-text.js";

const commands = [
  ...[addContexts, addShow, addLog, addWatch, addGet],
  ...[addDiff, addBlame, addWhy, addBisect, addSearch],
  ...[addReplay, addFork, addLineage],
  ...[addSet, addDelete, addMerge, addSnapshot, addSnapshots, addPin, addUnpin, addRestore],
  ...[
    addSave,
    addLoad,
    addImportLangGraph,
    addImportPython,
    addBackup,
    addSql,
    addVerify,
    addAcceptLoss,
    addSalvage,
    addRedact,
    addPrune,
  ],
  ...[addRebuild, addStats, addCompact],
];

const guide = `
References name a context, and may name a point in its history:
  run-42                    as it is now
  run-42@17                 version 17
  run-42#23                 after event 23
  run-42@~3                 three versions back
  run-42@snapshot:before    a snapshot, by its reason or id
  run-42@2026-11-23T10:00Z  at that time
  '"run@7"@17'              an id that has @ or # in it, as a JSON string

Answers go to stdout: aligned on a terminal, tab-separated without titles elsewhere, one document
with --json. Values are JSON; what JSON lacks is tagged: {"$type":"date","value":"…"}.
Messages go to stderr. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 conflict,
5 damaged data, 6 findings (where asked for), 130 interrupted.`;

/** Puts together the program with all its commands. */
export function createProgram(io: CliIo, createCli: (program: Command) => Cli): Command {
  const program = new Command("durable-context")
    .description("Looks into a durable-context store, and works on it.")
    .version(readVersion(), "-V, --version", "print the version")
    .option("-s, --store <file>", "the store (default: $DURABLE_CONTEXT_STORE)")
    .option("--json", "answer with one JSON document")
    .addOption(
      new Option("--color <when>", "colour answers; NO_COLOR is heeded")
        .choices(["auto", "always", "never"])
        .default("auto"),
    )
    .helpOption("-h, --help", "show help")
    .addHelpText("after", guide)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout.write(escapeControlsInLines(text)),
      writeErr: (text) => io.stderr.write(escapeControlsInLines(text)),
      // Errors are told once, when they have been caught.
      outputError: () => undefined,
      getOutHelpWidth: () => io.columns ?? 80,
      getErrHelpWidth: () => io.columns ?? 80,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
  const cli = createCli(program);
  for (const add of commands) add(program, cli);
  addCompletion(program, cli);
  return program;
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  // The package's own manifest, two folders up from both src/cli and dist/cli.
  return (manifest as { version: string }).version;
}
