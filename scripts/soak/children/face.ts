import { isContextError } from "../../../src/index.js";
import { callOrdeals } from "../hostile/call-ordeals.js";
import { giveUpRights } from "../hostile/give-up-rights.js";
import { loadOrdeals } from "../hostile/load-ordeals.js";
import { openOrdeals } from "../hostile/open-ordeals.js";
import { type Account, announcement, type Assignment, type Ordeal, type Outcome } from "../hostile/ordeal.js";
import { startWatch } from "../hostile/stopwatch.js";
import { wordOrdeals } from "../hostile/word-ordeals.js";
import { createRandom } from "../random.js";

/** Faces hostile input of one kind, in a folder of its own and without rights to any other, and tells of it. */
const { kind, folder, seed, draws, isLong } = JSON.parse(process.argv[2] ?? "") as Assignment;
const patienceMs = 5_000;
const makers = { load: loadOrdeals, open: openOrdeals, calls: callOrdeals, words: wordOrdeals };
const failures: string[] = [];
let [faced, right, slowestMs, slowest] = [0, 0, 0, ""];

giveUpRights(folder);
for await (const ordeal of makers[kind]({ folder, random: createRandom(seed), draws, isLong }))
  await face(ordeal);
const account: Account = { faced, right, slowestMs, slowest, failures };
process.stdout.write(`${JSON.stringify(account)}\n`);

async function face(ordeal: Ordeal): Promise<void> {
  process.stdout.write(`${announcement}${ordeal.what}\n`);
  const passed = startWatch();
  const outcome = await outcomeOf(ordeal);
  const took = passed();
  faced += 1;
  if (outcome === "right") right += 1;
  else if (outcome !== "refused") failures.push(`${ordeal.what}: ${outcome.wrong}`);
  if (took > patienceMs) failures.push(`${ordeal.what}: it took ${took.toFixed(0)} ms`);
  if (took > slowestMs) [slowestMs, slowest] = [took, ordeal.what];
}

async function outcomeOf({ face }: Ordeal): Promise<Outcome> {
  try {
    return await face();
  } catch (error) {
    if (isContextError(error))
      return { wrong: `an unexpected ${error.code}: ${error.message.slice(0, 300)}` };
    return { wrong: ((error instanceof Error ? error.stack : undefined) ?? String(error)).slice(0, 600) };
  }
}
