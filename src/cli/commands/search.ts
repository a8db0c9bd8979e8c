import { type Command, Option } from "commander";
import { formatReference, type SearchHit, type SearchQuery, type Store } from "../../index.js";
import type { Cli } from "../cli.js";
import { usageError } from "../cli-error.js";
import { writeGuide } from "../command-guide.js";
import { pathText } from "../difference-lines.js";
import { Findings } from "../findings.js";
import { isoTime } from "../iso-time.js";
import type { SearchHitShape } from "../json-shapes.js";
import { wholeNumber } from "../option-values.js";
import { getContext, readContextId, readTime } from "../references.js";
import type { Fragment } from "../styled-text.js";

interface Flags {
  readonly regexp?: true;
  readonly ignoreCase?: true;
  readonly history?: true;
  readonly keys?: true;
  readonly values?: true;
  readonly number?: number;
  readonly since?: string;
  readonly until?: string;
  readonly jsonl?: true;
  readonly exitCode?: true;
}

/** Adds `search`, which finds texts. */
export function addSearch(program: Command, cli: Cli): void {
  program
    .command("search")
    .usage("[options] [context] <text>")
    .description("find a text in keys and values, now or in all history")
    .argument("<context>", "the context's id; all contexts are searched where only a text is given")
    .argument("[text]", "the text to find")
    .option("--regexp", "the text is a JavaScript regular expression")
    .option("-i, --ignore-case", "small and capital letters are the same")
    .option("--history", "search all that was ever written, oldest first, and not only what is there now")
    .option("--keys", "only the names of keys, also of those inside values")
    .addOption(new Option("--values", "only what stands under keys").conflicts("keys"))
    .addOption(new Option("-n, --number <n>", "stop after so many hits").argParser(wholeNumber))
    .option("--since <point>", "only what was written after a time, or in one context a point such as @3")
    .option("--until <point>", "only what was written up to a time or point")
    .option("--jsonl", "one JSON document a hit")
    .option("--exit-code", "exit with 6 if something was found")
    .addHelpText("after", writeGuide(guide))
    .action((first: string, second: string | undefined, flags: Flags) =>
      second === undefined ? search(cli, undefined, first, flags) : search(cli, first, second, flags),
    );
}

const guide = {
  notes: [
    "A leaf is found by its text: a number by its digits, a date by its ISO time, null by null. Of a long text,",
    "what lies around the match is shown.",
    "One line a hit, by the event that wrote it. Elsewhere than on a terminal: context, sequence, version, time,",
    'actor, scope, "key" or "value", path, text.',
  ],
  examples: [
    "search run-42 'ship v1'",
    "search --history --exit-code sk-live-",
    "search run-42 --regexp 'budget|cost' --keys",
  ],
  json: '"hits": [{ "context", "scope", "key", "where", "path", "value", "version", "sequence", "at", "actor", "type" }]',
};

async function search(cli: Cli, context: string | undefined, text: string, flags: Flags): Promise<void> {
  if (cli.wantsJson && flags.jsonl === true) {
    throw usageError("--json gives one document, --jsonl one a hit.", "Pass one of them.");
  }
  const pattern = patternOf(text, flags);
  const id = context === undefined ? undefined : readContextId(context);
  const hits = await cli.withStore((store) => find(store, id, pattern, flags));
  await tell(cli, hits, pattern, flags);
  if (flags.exitCode === true && hits.length > 0) throw new Findings("Something was found.");
}

function find(
  store: Store,
  id: string | undefined,
  pattern: string | RegExp,
  { history, keys, values, number, since, until }: Flags,
): readonly SearchHit[] {
  const query: Omit<SearchQuery, "since" | "until"> = {
    in: history === true ? "history" : "now",
    keys: values !== true,
    values: keys !== true,
    ...(number !== undefined && { limit: number }),
  };
  if (id === undefined) {
    const times = {
      ...(since !== undefined && { since: timeOf(since) }),
      ...(until !== undefined && { until: timeOf(until) }),
    };
    return store.search(pattern, { ...query, ...times });
  }
  const points = {
    ...(since !== undefined && { since: addressOf(since) }),
    ...(until !== undefined && { until: addressOf(until) }),
  };
  return getContext(store, id).search(pattern, { ...query, ...points });
}

/** A point as it is, or a time without its sign. */
function addressOf(point: string): string {
  return /^[@#]/.test(point) ? point : `@${point}`;
}

function timeOf(text: string): Date {
  if (!/^[@#]/.test(text)) return new Date(readTime(text));
  throw usageError(
    `${JSON.stringify(text)} is no time, and a point lies in one context.`,
    "Name the context, or a time such as 2026-11-23.",
  );
}

function patternOf(text: string, { regexp, ignoreCase }: Flags): string | RegExp {
  if (text === "") throw usageError("An empty text is everywhere.", "Pass the text to find.");
  if (regexp !== true && ignoreCase !== true) return text;
  try {
    const source = regexp === true ? text : text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    return new RegExp(source, ignoreCase === true ? "i" : "");
  } catch (error) {
    throw usageError(`The regular expression cannot be read: ${(error as Error).message}.`);
  }
}

async function tell(
  cli: Cli,
  hits: readonly SearchHit[],
  pattern: string | RegExp,
  { jsonl }: Flags,
): Promise<void> {
  const { output } = cli;
  if (cli.wantsJson) return output.document("search", { hits: hits.map(hitShape) });
  if (jsonl === true) {
    for (const hit of hits) await output.json(JSON.stringify({ format: 1, ...hitShape(hit) }));
    return;
  }
  const row = output.isTerminal ? shortRow : wholeRow;
  await output.table(
    output.isTerminal ? shortColumns : wholeColumns,
    hits.map((hit) => row(hit, aroundMatch(hit.value, pattern))),
  );
  if (hits.length === 0 && output.isTerminal) await output.note("Nothing was found.");
}

const shortColumns = ["EVENT", "TIME", "ACTOR", "PATH", "TEXT"].map((title) => ({ title }));

/** What fits on a terminal. */
function shortRow({ context, sequence, at, actor, path }: SearchHit, text: string): Fragment[] {
  return [
    { text: formatReference(context, { kind: "sequence", sequence }), style: "yellow" },
    { text: isoTime(at), style: "dim" },
    actor ?? "",
    { text: pathText(path), style: "cyan" },
    text,
  ];
}

const wholeColumns = [
  ...["CONTEXT", "SEQUENCE", "VERSION", "TIME", "ACTOR"],
  ...["SCOPE", "WHERE", "PATH", "TEXT"],
].map((title) => ({ title }));

function wholeRow(hit: SearchHit, text: string): Fragment[] {
  const { context, sequence, version, at, actor, scope, where, path } = hit;
  return [
    context,
    { text: String(sequence), style: "yellow" },
    String(version),
    { text: isoTime(at), style: "dim" },
    ...[actor ?? "", scope, where],
    { text: pathText(path), style: "cyan" },
    text,
  ];
}

/** What is shown of a text on either side of where its match begins. */
const shown = { before: 20, after: 100 };

function aroundMatch(text: string, pattern: string | RegExp): string {
  const start = typeof pattern === "string" ? text.indexOf(pattern) : text.search(pattern);
  const [from, to] = [Math.max(0, start - shown.before), Math.max(0, start) + shown.after];
  return `${from > 0 ? "…" : ""}${text.slice(from, to)}${to < text.length ? "…" : ""}`;
}

function hitShape({ at, ...hit }: SearchHit): SearchHitShape {
  return { ...hit, at: isoTime(at) };
}
