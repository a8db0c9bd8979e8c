import type { EventRecord, Origin } from "../../core/event.js";
import { writeBeginning, writeContext, writeEnd, writeEvent } from "../../core/export-format.js";
import type { FoundContext } from "../../engines/engine.js";
import type { Workplace } from "../workplace.js";
import type { Chains } from "./build-chains.js";
import { type Chain, floorOf, lineOf } from "./chain.js";
import { type Addition, closeChain } from "./closing-events.js";
import type { Deleted } from "./deleted-contexts.js";

/** A context as it goes into the new store. */
export interface PlannedContext {
  readonly chain: Chain;
  readonly name: string;
  /** The name of its parent, which comes before it; a fork without one brings its whole line. */
  readonly parent: string | undefined;
  readonly records: readonly EventRecord[];
  readonly added: readonly Addition[];
}

/** What decides over names: who had which, and which contexts are no more. */
export interface Tables {
  readonly contexts: readonly FoundContext[];
  readonly deleted: Deleted;
}

/** Plans what goes into the new store, parents first. */
export function planContexts(
  workplace: Workplace,
  chains: Chains,
  tables: Tables,
  origin: Origin,
): readonly PlannedContext[] {
  const names = nameChains(chains, tables);
  const planned = new Map<Chain, PlannedContext>();
  const plan = (chain: Chain): void => {
    const name = names.get(chain);
    if (name === undefined || planned.has(chain)) return;
    if (chain.base !== undefined) plan(chain.base.chain);
    const parent = chain.base && planned.get(chain.base.chain)?.name;
    const line = parent === undefined ? lineOf(chain) : chain.records;
    const closing = closeChain(workplace, chain, { line, name, origin });
    planned.set(chain, {
      ...{ chain, name, parent },
      records: [...line, ...closing.map(({ record }) => record)],
      added: closing.map(({ added }) => added),
    });
  };
  for (const chain of chains.values()) plan(chain);
  return [...planned.values()];
}

/** Writes a plan as an export, which to load is to check every event of it once more. */
export function* exportLines(planned: readonly PlannedContext[]): Generator<string> {
  yield writeBeginning();
  for (const { chain, name, parent, records } of planned) {
    yield writeContext({
      context: name,
      createdAt: records[0]?.recordedAt ?? 0,
      events: records.length,
      head: records.at(-1)?.hash ?? "",
      ...(parent !== undefined && { fork: { parent, sequence: chain.after } }),
      ...(parent === undefined && floorOf(chain) > 0 && { floor: floorOf(chain) }),
    });
    for (const record of records) yield writeEvent(record);
  }
  const events = planned.reduce((sum, { records }) => sum + records.length, 0);
  yield writeEnd({ contexts: planned.length, events });
}

/**
 * Gives every context a name of its own. One whose later renaming is lost may have the name that another one
 * took over since; the one that its table lists under the name keeps it.
 */
function nameChains(chains: Chains, { contexts, deleted }: Tables): ReadonlyMap<Chain, string> {
  const listed = new Map(contexts.map(({ context, name }) => [context, name]));
  const living = [...chains].filter(([context]) => !deleted.has(context)).map(([, chain]) => chain);
  const isAsListed = (chain: Chain) => Number(listed.get(chain.context) === chain.name);
  const names = new Map<Chain, string>();
  const taken = new Set<string>();
  for (const chain of living.sort((a, b) => isAsListed(b) - isAsListed(a))) {
    const name = freeName(chain.name, taken);
    taken.add(name);
    names.set(chain, name);
  }
  return names;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let count = 1; ; count += 1) {
    const other = `${name.slice(0, 480)} (salvaged ${count})`;
    if (!taken.has(other)) return other;
  }
}
