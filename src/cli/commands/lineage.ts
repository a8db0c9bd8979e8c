import type { Command } from "commander";
import type { FamilyTree, Relative } from "../../index.js";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { isoTime } from "../iso-time.js";
import type { FamilyShape, RelativeShape } from "../json-shapes.js";
import { getContext, readContextId } from "../references.js";
import type { Fragment } from "../styled-text.js";
import { quoteKey } from "../terminal-text.js";

/** Adds `lineage`, which shows where a context comes from. */
export function addLineage(program: Command, cli: Cli): void {
  program
    .command("lineage")
    .description("show the tree of forks that a context stands in")
    .argument("<context>", "the context's id")
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "Each context stands under its parent, with the version they share. The one asked for is marked.",
          'A context without a name was deleted, and is kept for its forks; its "id" is null.',
          "Elsewhere than on a terminal: depth, id, shared version, time of creation, one context a line.",
        ],
        examples: ["lineage run-42"],
        json: '"context", "line": [{ "id", "createdAt", "forkedAt": { "version", "sequence" } }], "family": { …, "forks": [] }',
      }),
    )
    .action((context: string) => lineage(cli, readContextId(context)));
}

async function lineage(cli: Cli, id: string): Promise<void> {
  const { line, family } = await cli.withStore((store) => getContext(store, id).lineage());
  if (cli.wantsJson) {
    return cli.output.document("lineage", { context: id, line: line.map(shapeOf), family: treeOf(family) });
  }
  if (cli.output.isTerminal) return drawTree(cli, family, id, "", "");
  await cli.output.table(
    ["DEPTH", "CONTEXT", "FORKED AT", "CREATED"].map((title) => ({ title })),
    rowsOf(family, 0),
  );
}

function shapeOf({ id, createdAt, forkedAt }: Relative): RelativeShape {
  return { id: id ?? null, createdAt: isoTime(createdAt), forkedAt: forkedAt ?? null };
}

function treeOf(tree: FamilyTree): FamilyShape {
  return { ...shapeOf(tree), forks: tree.forks.map(treeOf) };
}

function rowsOf({ id, createdAt, forkedAt, forks }: FamilyTree, depth: number): Fragment[][] {
  const at = forkedAt === undefined ? "" : `@${forkedAt.version}`;
  const own = [String(depth), id ?? "", at, isoTime(createdAt)];
  return [own, ...forks.flatMap((fork) => rowsOf(fork, depth + 1))];
}

/** Draws a context and, below it, its forks; `indent` goes before what is below. */
async function drawTree(
  cli: Cli,
  tree: FamilyTree,
  here: string,
  branch: string,
  indent: string,
): Promise<void> {
  const { id, createdAt, forkedAt, forks } = tree;
  await cli.output.line(
    { text: branch, style: "dim" },
    id === undefined ? { text: "(deleted)", style: "dim" } : { text: quoteKey(id), style: "bold" },
    forkedAt === undefined ? "" : `  from @${forkedAt.version}`,
    { text: `  ${isoTime(createdAt)}`, style: "dim" },
    id === here ? { text: "  <- here", style: "green" } : "",
  );
  for (const [index, fork] of forks.entries()) {
    const isLast = index === forks.length - 1;
    await drawTree(
      cli,
      fork,
      here,
      `${indent}${isLast ? "└─ " : "├─ "}`,
      `${indent}${isLast ? "   " : "│  "}`,
    );
  }
}
