import { type Context, openStore } from "../../../src/index.js";
import { acknowledgeIn } from "../acknowledge.js";
import { everydayWrites } from "../everyday-writes.js";
import { createRandom } from "../random.js";
import type { Assignment } from "../assignment.js";

/**
 * Works on contexts of a store as an orchestrator does, in every way that writes, and tells of each write once
 * it returned. Without a number of rounds it ends only when it is killed.
 */
const given = JSON.parse(process.argv[2] ?? "") as Assignment;
const random = createRandom(given.seed);
const { durability = "full" } = given;
const store = openStore(given.path, { durability, compression: { overBytes: 300 } });
const tell = acknowledgeIn(store, given);

for (let done = 0; done < (given.rounds ?? Infinity); done += 1) {
  await oneRound(store.context(random.pick(given.contexts), { initial: { count: 0 } }));
}
store.close();

async function oneRound(context: Context): Promise<void> {
  const round = everydayWrites(context, { random, textLength: 700, acknowledge });
  context.setEphemeral("progress", round);
  acknowledge(context);
  const once = `work ${given.seed} ${round % 50}`;
  await context.phase("work", (copy) => (copy.phase = round), { once });
  acknowledge(context, once);
  seldom(context, round);
}

/** What an orchestrator does now and then. */
function seldom(context: Context, round: number): void {
  // Taken after the phase: to restore an earlier one would undo that it finished.
  const snapshot = context.snapshot(`round ${round}`);
  acknowledge(context);
  if (random.chance(0.3)) context.delete(`result ${random.below(7)}`);
  if (random.chance(0.3)) context.restore(snapshot);
  if (random.chance(0.3)) context.clearEphemeral();
  if (random.chance(0.2)) context.protect("note");
  acknowledge(context);
  if (random.chance(0.2)) acknowledge(context.fork(`${context.id} fork ${random.seed()}`));
}

/** Says which event was returned for last; a hash stands for all events before it, too. */
function acknowledge(context: Context, finished?: string): void {
  const { sequence, hash } = context.head();
  tell({ context: context.id, sequence, hash, ...(finished !== undefined && { finished }) });
}
