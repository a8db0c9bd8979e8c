import type { ContextEvent, FamilyTree, Store } from "../index.js";
import type { Cli } from "./cli.js";
import { eventRow, eventShape } from "./event-shape.js";
import { cellsOf, fragmentsOf, logColumns } from "./log-rows.js";
import { getContext } from "./references.js";
import { quoteKey } from "./terminal-text.js";

/** An event of a family of forks, and the context whose own it is. */
interface FamilyEvent {
  readonly context: string;
  readonly parent: string | undefined;
  readonly event: ContextEvent;
}

/** Shows the events of a context and of all its relatives by their times, with the lines along which they go. */
export async function showGraph(
  cli: Cli,
  store: Store,
  id: string,
  number: number | undefined,
): Promise<void> {
  const { family } = getContext(store, id).lineage();
  const events = newest(familyEvents(store, family, number), number);
  const { output } = cli;
  if (cli.wantsJson) {
    return output.document("graph", {
      context: id,
      events: events.map(({ context, event }) => ({ context, ...eventShape(cli, event) })),
    });
  }
  if (!output.isTerminal) {
    return output.table(
      [...logColumns, { title: "CONTEXT" }],
      events.map(({ context, event }) => [...cellsOf(eventRow(event)), context]),
    );
  }
  const graph = new Graph();
  for (const found of events) {
    const { branch, mark, isNew } = graph.next(found);
    if (branch !== undefined) await output.line({ text: branch, style: "dim" });
    const name = isNew ? [{ text: `  ${quoteKey(found.context)}`, style: "green" } as const] : [];
    await output.line(`${mark}  `, ...fragmentsOf(eventRow(found.event)), ...name);
  }
}

/** Each context's own events; those of a deleted one are told as those of the forks that they are kept for. */
function familyEvents(
  store: Store,
  tree: FamilyTree,
  number: number | undefined,
  parent?: string,
): FamilyEvent[] {
  const { id, forkedAt, forks } = tree;
  const own = id === undefined ? [] : eventsOf(store, id, forkedAt?.sequence ?? 0, number, parent);
  return [...own, ...forks.flatMap((fork) => familyEvents(store, fork, number, id))];
}

function eventsOf(
  store: Store,
  context: string,
  behind: number,
  number: number | undefined,
  parent: string | undefined,
): FamilyEvent[] {
  const limit = number === undefined ? {} : { limit: number };
  const events = getContext(store, context).history({ order: "newest", ...limit });
  return events
    .filter(({ sequence }) => sequence > behind)
    .reverse()
    .map((event) => ({ context, parent, event }));
}

/** By time; what happened at once stays in the order of the family, where parents come first. */
function newest(events: FamilyEvent[], number: number | undefined): readonly FamilyEvent[] {
  const sorted = events.sort((a, b) => a.event.at - b.event.at);
  return number === undefined ? sorted : sorted.slice(Math.max(0, sorted.length - number));
}

/** Draws a line for each context, from its first event on. */
class Graph {
  readonly #columns: string[] = [];

  /** What goes before an event: its mark on the line of its context, and above that the branch it begins with. */
  next({ context, parent }: FamilyEvent): { branch: string | undefined; mark: string; isNew: boolean } {
    const isNew = !this.#columns.includes(context);
    if (isNew) this.#columns.push(context);
    const own = this.#columns.indexOf(context);
    const mark = this.#columns.map((_, column) => (column === own ? "*" : "│")).join(" ");
    const from = parent === undefined ? -1 : this.#columns.indexOf(parent);
    return { branch: isNew && from >= 0 ? this.#branch(from, own) : undefined, mark, isNew };
  }

  #branch(from: number, to: number): string {
    return this.#columns
      .map((_, column) => {
        if (column < from) return "│ ";
        if (column === from) return "├─";
        return column < to ? "┼─" : "╮";
      })
      .join("");
  }
}
