import { join } from "node:path";
import { atMost, type Finding } from "./finding.js";
import { inFolder } from "./folder.js";
import { isolated } from "./isolated.js";
import { copyStore, storeOfContexts } from "./large-stores.js";
import { ratio, type Table } from "./table.js";

const sizes = { few: { file: 1_000, open: 1_000 }, many: { file: 100_000, open: 10_000 } } as const;

/** What a store with so many contexts takes, and a process that holds so many of them open. */
interface Measured {
  readonly openUs: number;
  readonly watchUs: number;
  readonly unwatchUs: number;
  readonly closeUs: number;
  readonly setUs: number;
  readonly tellMs: number;
  readonly listMs: number;
  readonly handleBytes: number;
  readonly watchBytes: number;
  readonly leftBytes: number;
}

const mostGrowth = 2;

/** Many contexts in one file, and many of them open in one process. */
export async function many(): Promise<Table> {
  const few = await measure(sizes.few);
  const many = await measure(sizes.many);
  const perContext: Readonly<Record<string, (measured: Measured, contexts: number) => number>> = {
    "list, us a context of the file": ({ listMs }, contexts) => (listMs / contexts) * 1000,
    "open one, us": ({ openUs }) => openUs,
    "begin to watch one, us": ({ watchUs }) => watchUs,
    "a commit while all are watched, ms": ({ tellMs }) => tellMs,
    "set while all are watched, us": ({ setUs }) => setUs,
    "end a watch, us": ({ unwatchUs }) => unwatchUs,
    "close one, us": ({ closeUs }) => closeUs,
  };
  const findings = Object.entries(perContext).map(([name, cost]) => {
    const [less, more] = [cost(few, sizes.few.file), cost(many, sizes.many.file)];
    return { name, less, more };
  });
  return {
    title: "many: contexts of three keys, open and watched in one process",
    columns: ["", ...Object.values(sizes).map(nameOf), "growth"],
    rows: [
      ...findings.map(({ name, less, more }) => [
        name,
        less.toFixed(2),
        more.toFixed(2),
        ratio(more / less, mostGrowth),
      ]),
      ...bytesRows(few, many),
    ],
    findings: [worst(findings), heapOf(many)],
  };
}

async function measure({ file, open }: { readonly file: number; readonly open: number }): Promise<Measured> {
  const original = await storeOfContexts(file);
  return inFolder((folder) => {
    const copy = join(folder, "many.db");
    copyStore(original, copy);
    // What the script prints.
    return isolated("many-contexts.ts", copy, String(open)) as Measured;
  });
}

function nameOf({ file, open }: { readonly file: number; readonly open: number }): string {
  return `${open.toLocaleString("en")} of ${file.toLocaleString("en")}`;
}

function bytesRows(few: Measured, many: Measured): string[][] {
  const row = (name: string, bytes: (measured: Measured) => number) => [
    name,
    ...[few, many].map((measured) => Math.round(bytes(measured)).toLocaleString("en")),
  ];
  return [
    row("bytes of an idle handle with its state", ({ handleBytes }) => handleBytes),
    row("bytes of an idle watch", ({ watchBytes }) => watchBytes),
    row("bytes left of each after closing", ({ leftBytes }) => leftBytes),
  ];
}

function worst(
  found: readonly { readonly name: string; readonly less: number; readonly more: number }[],
): Finding {
  const growths = found.map(({ less, more }) => more / less);
  const work = "list, open, watch, close at 10,000 open of 100,000 contexts: slowest";
  return atMost({ work, value: Math.max(...growths), goal: mostGrowth, unit: "x of 1,000 of 1,000" });
}

function heapOf({ handleBytes }: Measured): Finding {
  return atMost({
    work: "heap of an idle handle with three keys",
    value: handleBytes / 1024,
    goal: 8,
    unit: " KB",
  });
}
