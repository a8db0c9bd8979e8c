import { type Context, openStore, type Store } from "../../../src/index.js";
import { type ArchivedEvents, archivedBeside } from "./archived.js";
import { type Account, counterOf, lastContext, type Receipt } from "./orders.js";

/** What many processes left of a store. */
export interface Settlement {
  /** Acknowledged events that are not there, or are somebody else's. */
  readonly lost: number;
  readonly failures: readonly string[];
  /** All events up to the end, as every watcher has to have seen them. */
  readonly events: number;
}

/** Holds a store to what the processes say they did: nothing lost, nothing counted twice, no gap, no fault. */
export function settle(path: string, accounts: readonly Account[]): Settlement {
  using store = openStore(path, { create: false });
  const faults = store.verify().faults.map(({ context = "", kind, why }) => `${context} ${kind}: ${why}`);
  const contexts = store.contexts().map(({ id }) => store.context(id));
  const archived = archivedBeside(path);
  const lost = accounts.flatMap(({ receipts }) =>
    receipts.filter((receipt) => !isThere(store, receipt) && !archived.has(receipt)),
  );
  return {
    lost: lost.length,
    failures: [
      ...faults,
      ...lost.slice(0, 5).map((receipt) => `lost: ${JSON.stringify(receipt)}`),
      ...accounts.flatMap(({ failures }) => failures),
      ...contexts.flatMap((context) => gapsIn(context, archived)),
      ...wrongCounts(store, accounts),
      ...differencesOf(store),
    ],
    events: eventsBeforeEnd(store),
  };
}

function isThere(store: Store, { context, sequence, cause, hash }: Receipt): boolean {
  const { rows } = store.query(
    `SELECT events.cause, lower(hex(hash)) AS hash FROM events JOIN contexts AS c ON c.id = events.context
     WHERE c.name = ? AND sequence = ?`,
    [context, sequence],
  );
  const [found] = rows;
  return found?.cause === cause && (hash === undefined || found.hash === hash);
}

/** Sequences are 1, 2, 3 …; versions go up by one or stay; whole batches only. */
function gapsIn(context: Context, archived: ArchivedEvents): string[] {
  const failures: string[] = [];
  let { sequence, version, made } = archived.endOf(context.id);
  for (const event of context.events({ order: "oldest" })) {
    // A pruning leaves the event that it goes on from.
    if (event.sequence === archived.endOf(context.id).sequence) continue;
    sequence += 1;
    if (event.type === "context_created") made += 1;
    if (event.sequence !== sequence) failures.push(`${context.id}#${event.sequence} stands at ${sequence}`);
    if (event.version !== version && event.version !== version + 1)
      failures.push(`${context.id}#${event.sequence} goes from version ${version} to ${event.version}`);
    version = event.version;
  }
  if (context.get("left") !== context.get("right")) failures.push(`${context.id}: half a batch`);
  if (made !== 1) failures.push(`${context.id} was created ${made} times`);
  return failures;
}

/** Every counter is what all processes together added to it. */
function wrongCounts(store: Store, accounts: readonly Account[]): string[] {
  const sums = new Map<string, number>();
  for (const { added } of accounts) {
    for (const [counter, count] of Object.entries(added)) sums.set(counter, (sums.get(counter) ?? 0) + count);
  }
  return store
    .contexts()
    .flatMap(({ id }) => wrongIn(store.context(id), (key) => sums.get(counterOf(id, key)) ?? 0));
}

/** A fork has its parent's counters, and is made by one of those who try. */
function wrongIn(context: Context, added: (key: string) => number): string[] {
  const { id } = context;
  if (id.startsWith("fork")) return added("made") === 1 ? [] : [`${id} was made ${added("made")} times`];
  const wrong = context.keys().filter((key) => isCounter(key) && context.get(key) !== added(key));
  return wrong.map((key) => `${id}: ${key} is ${Number(context.get(key))}, and ${added(key)} were added`);
}

function isCounter(key: string): boolean {
  return ["edited", "optimistic"].includes(key) || key.startsWith("phases of ");
}

function differencesOf(store: Store): string[] {
  const differences = Object.entries(store.rebuild().differences).filter(([, count]) => count > 0);
  return differences.map(([table, count]) => `${count} rows of ${table} are not what the events say`);
}

function eventsBeforeEnd(store: Store): number {
  const { rows } = store.query(
    `SELECT count(*) AS events FROM events WHERE position < (SELECT min(position) FROM events
     JOIN contexts AS c ON c.id = events.context WHERE c.name = ?)`,
    [lastContext],
  );
  return Number(rows[0]?.events);
}
