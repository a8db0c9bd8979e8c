import type { RunnableConfig } from "@langchain/core/runnables";
import type { StateSnapshot } from "@langchain/langgraph";

/** What of a compiled graph can be asked for its states. */
export interface Told {
  getState(config: RunnableConfig, options?: { subgraphs?: boolean }): Promise<StateSnapshot>;
  getStateHistory(config: RunnableConfig): AsyncIterableIterator<StateSnapshot>;
}

/** The present state and all before it, newest first. */
export async function tellStates(graph: Told, config: RunnableConfig): Promise<unknown> {
  const history: StateSnapshot[] = [];
  for await (const state of graph.getStateHistory(config)) history.push(state);
  return { state: await graph.getState(config, { subgraphs: true }), history };
}

const id = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b/g;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * Plain data with everything in it that differs from run to run under a name that does not: ids are numbered
 * as they come up, so whatever shared one still does, and times only show that they are times.
 */
export function comparable(told: unknown): unknown {
  const numbers = new Map<string, number>();
  const renamed = (text: string) =>
    text.replace(id, (found) => {
      numbers.set(found, numbers.get(found) ?? numbers.size + 1);
      return `<id ${String(numbers.get(found))}>`;
    });
  const walked = (value: unknown): unknown => {
    if (typeof value === "string") return time.test(value) ? "<time>" : renamed(value);
    if (Array.isArray(value)) return value.map(walked);
    if (typeof value !== "object" || value === null) return value;
    // Ids are numbered in the same order, whatever order a saver gives members back in.
    const members = Object.entries(value).sort(([left], [right]) =>
      nameless(left) < nameless(right) ? -1 : 1,
    );
    return Object.fromEntries(members.map(([name, member]) => [renamed(name), walked(member)]));
  };
  return walked(JSON.parse(JSON.stringify(told)));
}

function nameless(name: string): string {
  return name.replace(id, "");
}
