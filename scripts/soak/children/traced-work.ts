import { writeSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { type Context, openStore, type Snapshot, type Store } from "../../../src/index.js";
import { acknowledgeIn } from "../acknowledge.js";
import { everydayWrites } from "../everyday-writes.js";
import { copies } from "../power/copies.js";
import type { TracedAssignment } from "../power/record-trace.js";
import { createRandom } from "../random.js";

/**
 * Makes a store and works on it in every way that writes, telling of each write once it returned. It closes
 * the store and opens it again now and then, also after a write that failed.
 */
const given = JSON.parse(process.argv[2] ?? "") as TracedAssignment;
const random = createRandom(given.seed);
let tell: ReturnType<typeof acknowledgeIn> = () => undefined;
if (given.syncsNever === true) letSqliteNeverSync();

for (let done = 0; done < given.rounds;) {
  try {
    const store = openStore(given.path, { durability: given.durability ?? "full" });
    writeSync(1, "open\n");
    tell = acknowledgeIn(store, given);
    do {
      await oneRound(store.context(random.pick(["run", "other"]), { initial: { count: 0 } }));
      done += 1;
      if (given.copies === true && done === 1) makeCopies(store);
      if (given.prunes === true && done === 2) prune(store);
    } while (done < given.rounds && !random.chance(given.reopens));
    store.close();
  } catch (error) {
    console.error(String(error));
    if (given.dies === true) process.kill(process.pid, "SIGKILL");
    if (given.failSync === undefined) throw error;
    done += 1;
  }
}

async function oneRound(context: Context): Promise<void> {
  const round = everydayWrites(context, { random, textLength: given.textLength, acknowledge });
  const snapshot = context.snapshot(`round ${round}`);
  acknowledge(context);
  await context.phase("work", (copy) => (copy.phase = round), { once: `work ${round % 50}` });
  acknowledge(context);
  seldom(context, snapshot);
}

/** What an orchestrator does now and then. */
function seldom(context: Context, snapshot: Snapshot): void {
  if (random.chance(0.3)) context.restore(snapshot);
  if (random.chance(0.3)) context.setEphemeral("progress", random.seed());
  if (random.chance(0.3)) context.clearEphemeral();
  acknowledge(context);
  if (random.chance(0.2)) acknowledge(context.fork(`${context.id} fork ${random.seed()}`));
  if (!random.chance(given.redacts)) return;
  context.set("token", `secret ${random.seed()}`);
  context.redact("token", "leaked");
  acknowledge(context);
}

function makeCopies(store: Store): void {
  const folder = dirname(given.path);
  store.backup(join(folder, copies.backup));
  writeSync(1, `${copies.backup}\n`);
  store.save(join(folder, copies.export));
  writeSync(1, `${copies.export}\n`);
}

function prune(store: Store): void {
  const rule = { keep: { versions: 2, snapshots: false }, archive: dirname(given.path) };
  for (const { context } of store.prune(rule)) acknowledge(store.context(context));
}

/** Says which event was returned for last; a hash stands for all events before it, too. */
function acknowledge(context: Context): void {
  const { sequence, hash } = context.head();
  tell({ context: context.id, sequence, hash });
}

/** No option of the library does this: it is what an application gets that knows no better. */
function letSqliteNeverSync(): void {
  // The method is called on the connection that it was called on.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { pragma } = Database.prototype;
  Database.prototype.pragma = function (source, options) {
    return pragma.call(this, source.replace(/^synchronous = .*/, "synchronous = OFF"), options);
  };
}
