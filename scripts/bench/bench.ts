/**
 * Measures what a user of the package would see, beside better-sqlite3 doing the bare minimum of the same
 * work in the same run. `npm run bench` measures everything, `npm run bench -- append at` some topics.
 */
import { append } from "./append.js";
import { at } from "./at.js";
import { batch } from "./batch.js";
import { grouped } from "./grouped.js";
import { fork } from "./fork.js";
import { get } from "./get.js";
import { bisect } from "./bisect.js";
import { blame } from "./blame.js";
import { changes } from "./changes.js";
import { diff } from "./diff.js";
import { describeMachine } from "./machine.js";
import { open } from "./open.js";
import { replay } from "./replay.js";
import { type Table, formatTable } from "./table.js";
import { views } from "./views.js";

const topics: Readonly<Record<string, () => Table | Promise<Table>>> = {
  append,
  batch,
  grouped,
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

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in topics));
if (unknown !== undefined) {
  console.error(`There is no topic "${unknown}". Topics: ${Object.keys(topics).join(", ")}.`);
  process.exit(2);
}

console.log(describeMachine());
for (const [name, measure] of Object.entries(topics)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n${formatTable(await measure())}`);
}
