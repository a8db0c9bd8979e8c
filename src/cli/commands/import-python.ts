import type { Command } from "commander";
import { existsSync } from "node:fs";
import { type Attribution, ContextError, type PythonImport, type Store } from "../../index.js";
import { usageError } from "../cli-error.js";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { countOf } from "../count-of.js";
import { isoTime } from "../iso-time.js";
import type { PythonImportShape } from "../json-import-shapes.js";
import type { Fragment } from "../styled-text.js";

interface Flags extends Pick<Attribution, "actor" | "cause"> {
  readonly as?: string;
  readonly again?: true;
  readonly dryRun?: true;
}

/** Adds `import-python`, which takes sessions of the Python original over. */
export function addImportPython(program: Command, cli: Cli): void {
  program
    .command("import-python")
    .description("make contexts of sessions that the Python DurableContext saved; show what came over")
    .argument("<files...>", "JSON or pickle files; which of them a file is, it tells itself")
    .option("--as <id>", "the id of the new context, for one file; without it, the session's own")
    .option("--again", "import a file that was imported before; it needs an id that is free")
    .option("--actor <id>", "who does it; kept with the events")
    .option("--cause <text>", "what made them do it")
    .option("--dry-run", "show what would come over, and write nothing")
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "Makes the store if there is none. All files are checked before the first one is imported.",
          "Nothing that a pickle names is loaded or called: a file that holds more than data is refused.",
          'In documents, an import has "context", "source", "format", "sha256", "sessionId", "version",',
          '"createdAt", "updatedAt", "persistent", "ephemeral" and "protectedKeys" (the keys), "snapshots"',
          'and "changes" (how many), and "repeated": where in a JSON file a key is written twice.',
        ],
        examples: ["import-python sessions/*.pkl --dry-run", "import-python session.json --as run-42"],
        json: '"imports": [], "dryRun"',
      }),
    )
    .action((files: readonly string[], flags: Flags) => importPython(cli, files, flags));
}

async function importPython(cli: Cli, files: readonly string[], flags: Flags): Promise<void> {
  if (flags.as !== undefined && files.length > 1)
    throw usageError("--as names one context, and there are several files.", "Import them one by one.");
  const isThere = existsSync(cli.location);
  const dryRun = flags.dryRun === true;
  // A store is not made for files that are refused, nor is one file imported where the next one is.
  const checked = dryRun || files.length > 1 || !isThere ? await rehearse(cli, files, flags, isThere) : [];
  const imports = dryRun
    ? checked
    : await cli.withStore((store) => importAll(store, files, flags, false), { create: true });
  await tellRepeated(cli, imports);
  if (cli.wantsJson)
    return cli.output.document("importPython", { imports: imports.map(shapeOfImport), dryRun });
  await cli.output.table(columns, imports.map(rowOf));
  if (dryRun) await cli.output.note("Nothing was imported: this was a dry run.");
}

async function rehearse(
  cli: Cli,
  files: readonly string[],
  flags: Flags,
  isThere: boolean,
): Promise<readonly PythonImport[]> {
  const work = (store: Store) => importAll(store, files, flags, true);
  const imports = isThere ? await cli.withStore(work) : await cli.withScratchStore(work);
  const ids = imports.map(({ context }) => context);
  const twice = ids.find((id, i) => ids.indexOf(id) < i);
  if (twice !== undefined) throw new ContextError("CONTEXT_EXISTS", { context: twice });
  return imports;
}

function importAll(
  store: Store,
  files: readonly string[],
  { as, again, actor, cause }: Flags,
  dryRun: boolean,
): readonly PythonImport[] {
  const options = {
    ...(as !== undefined && { as }),
    ...(actor !== undefined && { actor }),
    ...(cause !== undefined && { cause }),
    again: again === true,
    dryRun,
  };
  return files.map((file) => store.importPython(file, options));
}

async function tellRepeated(cli: Cli, imports: readonly PythonImport[]): Promise<void> {
  for (const { source, repeated } of imports) {
    const [first] = repeated;
    if (first === undefined) continue;
    const keys = countOf(repeated.length, "key");
    await cli.output.note(
      `In ${JSON.stringify(source)}, ${keys} stand there twice, such as ${first}; the last value was taken, as Python does.`,
    );
  }
}

function shapeOfImport(imported: PythonImport): PythonImportShape {
  const { context, source, format, sha256, sessionId, version } = imported;
  const { persistent, ephemeral, protectedKeys, snapshots, changes, repeated } = imported;
  return {
    ...{ context, source, format, sha256, sessionId, version },
    createdAt: isoTime(imported.createdAt),
    updatedAt: isoTime(imported.updatedAt),
    ...{ persistent, ephemeral, protectedKeys, snapshots, changes, repeated },
  };
}

const columns = [
  { title: "CONTEXT" },
  { title: "VERSION" },
  { title: "KEYS" },
  { title: "EPHEMERAL" },
  { title: "PROTECTED" },
  { title: "SNAPSHOTS" },
  { title: "CHANGES" },
  { title: "UPDATED" },
  { title: "FROM" },
];

function rowOf(imported: PythonImport): readonly Fragment[] {
  const { context, version, persistent, ephemeral, protectedKeys, snapshots, changes } = imported;
  const counts = [persistent.length, ephemeral.length, protectedKeys.length, snapshots, changes];
  return [
    { text: context, style: "bold" },
    `@${version}`,
    ...counts.map(String),
    isoTime(imported.updatedAt),
    imported.source,
  ];
}
