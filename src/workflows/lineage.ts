import type { ContextRow, Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { withContext } from "./read-past.js";
import type { Site } from "./site.js";
import type { Live } from "./workplace.js";

/** A context among its relatives. */
export interface Relative {
  /** Its id; undefined for one that was deleted and is kept only for its forks. */
  readonly id: string | undefined;
  readonly createdAt: number;
  /** The last version and event that it shares with its parent; undefined for the first ancestor. */
  readonly forkedAt: { readonly version: number; readonly sequence: number } | undefined;
}

/** A context with all that was forked from it, in the order it was made. */
export interface FamilyTree extends Relative {
  readonly forks: readonly FamilyTree[];
}

/** Where a context comes from, and what else does. */
export interface Lineage {
  /** From the first ancestor to the context itself. */
  readonly line: readonly Relative[];
  /** The first ancestor with everything that descends from it. */
  readonly family: FamilyTree;
}

/** Tells where a context comes from, and what else does. */
export function* lineage(site: Site, live: Live): Program<Lineage> {
  return yield* withContext(site, live, function* (log) {
    const rows = [...(yield* wait(log.lineage(live.context)))].reverse();
    const line: Relative[] = [];
    for (const row of rows) line.push(yield* relative(log, row));
    const [root] = rows;
    if (root === undefined) throw new Error("A context has no line; this is a bug in durable-context.");
    return Object.freeze({ line: Object.freeze(line), family: yield* tree(log, root) });
  });
}

function* tree(log: Log, row: ContextRow): Program<FamilyTree> {
  const forks: FamilyTree[] = [];
  for (const fork of yield* wait(log.forksOf(row.context))) forks.push(yield* tree(log, fork));
  return Object.freeze({ ...(yield* relative(log, row)), forks: Object.freeze(forks) });
}

function* relative(log: Log, row: ContextRow): Program<Relative> {
  const { name, createdAt, parent, forkSequence: sequence, keptSequence } = row;
  const stamp = parent === null ? undefined : yield* wait(log.stamp(parent, sequence));
  const forkedAt = stamp === undefined ? undefined : Object.freeze({ version: stamp.version, sequence });
  return Object.freeze({ id: keptSequence === null ? name : undefined, createdAt, forkedAt });
}
