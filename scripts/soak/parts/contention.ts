import { join } from "node:path";
import { openStore } from "../../../src/index.js";
import { gather } from "../contention/gather.js";
import type { Account, Orders, Role } from "../contention/orders.js";
import { settle } from "../contention/settle.js";
import type { Part, Row, Setting } from "../part.js";

const seconds = { pick: 1, short: 2, long: 30 };

/** Eight processes that write at once, and others that read, watch and make backups meanwhile. */
interface Scene {
  readonly what: string;
  readonly writers: readonly Role[];
  readonly lookers: readonly Role[];
  readonly contexts: number;
  /** How long, where that is not what the programme says. */
  readonly seconds?: number;
}

const lookers: readonly Role[] = ["reader", "watcher", "keeper"];
const eight = (...roles: Role[]): readonly Role[] =>
  Array.from({ length: 8 / roles.length }).flatMap(() => roles);

const scenes: readonly Scene[] = [
  { what: "8 processes on one context, with versions", writers: eight("optimist"), lookers, contexts: 1 },
  { what: "8 processes on one context, without", writers: eight("overwriter"), lookers, contexts: 1 },
  { what: "8 processes on many contexts", writers: eight("optimist", "overwriter"), lookers, contexts: 8 },
  {
    what: "8 processes, 6 of which open and close",
    writers: eight("opener", "opener", "opener", "overwriter"),
    lookers: ["watcher"],
    contexts: 2,
  },
  {
    what: "4 processes, 1 of which opens and closes, and 1 that prunes",
    writers: ["optimist", "optimist", "optimist", "opener"],
    lookers: ["pruner"],
    contexts: 2,
    seconds: 1,
  },
];

/** The ways in which eight processes contend in the minute that belongs to the tests. */
const picked: readonly Scene[] = [
  { what: "8 processes on one context", writers: eight("optimist", "overwriter"), lookers, contexts: 1 },
  {
    what: "8 processes on many contexts, 2 of which open and close",
    writers: eight("optimist", "overwriter", "overwriter", "opener"),
    lookers,
    contexts: 4,
  },
];

/** Lets many processes write to one store at once, and holds them to the promise that no update is lost. */
export const contention: Part = {
  name: "contention",
  lacking: () => undefined,
  async *run(setting) {
    const chosen = setting.programme === "pick" ? picked : scenes;
    for (const [number, scene] of chosen.entries()) yield await play(setting, scene, number);
  },
};

async function play(setting: Setting, scene: Scene, number: number): Promise<Row> {
  const { programme, random, folder } = setting;
  const path = join(folder, `contended-${number}.db`);
  const contexts = Array.from({ length: scene.contexts }, (_, index) => `shared ${index}`);
  makeStore(path, contexts);
  const order = (role: Role, index: number): Orders => {
    return {
      role,
      path,
      name: `${role} ${index}`,
      seed: random.seed(),
      contexts,
      ms: (programme === "short" ? (scene.seconds ?? seconds.short) : seconds[programme]) * 1000,
    };
  };
  const accounts = await gather([...scene.writers, ...scene.lookers].map(order));
  const { lost, failures, events } = settle(path, accounts);
  const watched = accounts.filter(({ name }) => name.startsWith("watcher"));
  const missed = watched.filter(({ counts }) => counts.events !== events);
  const commits = accounts.reduce((sum, { counts }) => sum + (counts.commits ?? 0), 0);
  return {
    what: scene.what,
    trials: commits,
    unit: "commits",
    lost,
    undetected: 0,
    failures: [
      ...failures,
      ...missed.map(({ name, counts }) => `${name} saw ${counts.events ?? 0} of ${events} events`),
      ...(commits === 0 ? ["nobody wrote"] : []),
      ...(scene.lookers.includes("pruner") && sumOf(accounts, "pruned events") === 0 ? ["nothing went"] : []),
      ...starved(accounts),
    ],
    note: fairness(accounts),
  };
}

function makeStore(path: string, contexts: readonly string[]): void {
  using store = openStore(path);
  for (const id of contexts) {
    store.context(id, { initial: { optimistic: 0, edited: 0, left: 0, right: 0 } });
  }
}

/** Nobody waits for the lock as long as it takes to be refused, or anywhere near. */
function starved(accounts: readonly Account[]): string[] {
  const waited = accounts.filter(({ longestMs }) => longestMs > 10_000);
  return waited.map(({ name, longestMs }) => `${name} waited for ${longestMs} ms`);
}

/** How evenly the lock was given, and what happened besides. */
function fairness(accounts: readonly Account[]): string {
  const writers = accounts.filter(
    ({ name }) => ![...lookers, "pruner"].some((role) => name.startsWith(role)),
  );
  const commits = writers.map(({ counts }) => counts.commits ?? 0).sort((a, b) => a - b);
  const longest = Math.max(0, ...accounts.map(({ longestMs }) => longestMs));
  const kinds = [
    "VERSION_CONFLICT",
    "CONTEXT_EXISTS",
    "openings",
    "forks",
    "looks",
    "events",
    "backups",
    "prunings",
    "pruned events",
  ];
  const sums = kinds.map((kind) => [kind, sumOf(accounts, kind)] as const).filter(([, sum]) => sum > 0);
  return [
    `commits a process ${commits[0] ?? 0} / ${commits[commits.length >> 1] ?? 0} / ${commits.at(-1) ?? 0} (least, median, most)`,
    `longest write ${longest} ms`,
    ...sums.map(([kind, sum]) => `${kind} ${sum}`),
  ].join("; ");
}

function sumOf(accounts: readonly Account[], kind: string): number {
  return accounts.reduce((sum, { counts }) => sum + (counts[kind] ?? 0), 0);
}
