/**
 * Measures what a user of the package would see, beside better-sqlite3 doing the bare minimum of the same
 * work, and beside what people use instead, in the same run. `npm run bench` measures everything,
 * `npm run bench -- append at` some topics; `--install-peers` installs what is measured beside it, `--chart`
 * draws the conversation's, `--huge` asks about ten million events instead of one, and `--markdown` prints
 * the README's table at the end.
 */
import { append } from "./append.js";
import { at } from "./at.js";
import { batch } from "./batch.js";
import { grouped } from "./grouped.js";
import { bisect } from "./bisect.js";
import { blame } from "./blame.js";
import { changes } from "./changes.js";
import { compression } from "./compression.js";
import { conversation } from "./conversation.js";
import { diff } from "./diff.js";
import { type Finding, markdownOf } from "./finding.js";
import { fold } from "./fold.js";
import { fork } from "./fork.js";
import { fresh } from "./fresh.js";
import { get } from "./get.js";
import { huge } from "./huge.js";
import { describeMachine } from "./machine.js";
import { langgraph } from "./langgraph.js";
import { many } from "./many.js";
import { memory } from "./memory.js";
import { open } from "./open.js";
import { describePeers, installPeers } from "./peers.js";
import { plan } from "./plan.js";
import { replay } from "./replay.js";
import { snapshot } from "./snapshot.js";
import { stream } from "./stream.js";
import { type Table, formatTable } from "./table.js";
import { views } from "./views.js";

const flags = ["--install-peers", "--chart", "--huge", "--markdown"];
const said = process.argv.slice(2);
const hasFlag = (flag: string) => said.includes(flag);
const asked = said.filter((word) => !flags.includes(word));

const topics: Readonly<Record<string, () => Table | Promise<Table>>> = {
  append,
  batch,
  grouped,
  fold,
  conversation: () => conversation({ chart: hasFlag("--chart") }),
  stream,
  compression,
  langgraph,
  plan,
  snapshot,
  fresh,
  huge: () => huge({ events: hasFlag("--huge") ? 10_000_000 : 1_000_000 }),
  memory,
  many,
  get,
  open,
  at,
  changes,
  diff,
  blame,
  bisect,
  fork,
  replay,
  views,
};

const unknown = asked.find((name) => !(name in topics));
if (unknown !== undefined) {
  console.error(
    `There is no topic "${unknown}". Topics: ${Object.keys(topics).join(", ")}. Flags: ${flags.join(", ")}.`,
  );
  process.exit(2);
}

if (hasFlag("--install-peers")) await installPeers();
const ground = `${describeMachine()}\n${describePeers()}`;
console.log(ground);
const findings: Finding[] = [];
for (const [name, measure] of Object.entries(topics)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const table = await measure();
  findings.push(...(table.findings ?? []));
  console.log(`\n${formatTable(table)}`);
}

if (hasFlag("--markdown")) {
  const command = `npm run bench -- ${said.join(" ")}`;
  const [machine = "", ...versions] = ground.split("\n");
  console.log(
    `\nMeasured on ${new Date().toISOString().slice(0, 10)} by \`${command}\` on ${machine}. ${versions.join(". ")}.\n\n${markdownOf(findings)}`,
  );
}
