import { Annotation, END, START, type StateSnapshot, StateGraph } from "@langchain/langgraph";
import type { GraphScript } from "./graph-script.js";
import { growing } from "./parallel.js";
import { tellStates } from "./tell.js";

const config = { configurable: { thread_id: "travel" } };

/** Counts to four, and notes on the way what it did. */
const counting = new StateGraph(
  Annotation.Root({
    count: Annotation<number>,
    by: Annotation<number>,
    notes: Annotation<string[]>({ reducer: (before, more) => [...before, ...more], default: () => [] }),
  }),
)
  .addNode("add", ({ count, by }) => ({ count: count + by, notes: [`${count} + ${by}`] }))
  .addNode("check", ({ count }) => ({ notes: [`reached ${count}`] }))
  .addEdge(START, "add")
  .addEdge("add", "check")
  .addConditionalEdges("check", ({ count }) => (count < 4 ? "add" : END), ["add", END]);

/** Adds a line at each step to a list that is stored as its changes, and now and then as a whole. */
const noting = new StateGraph(growing.delta())
  .addNode("note", ({ log }) => ({ log: [`line ${log.length}`] }))
  .addEdge(START, "note")
  .addConditionalEdges("note", ({ log }) => (log.length < 9 ? "note" : END), ["note", END]);

export const timeTravelScripts: readonly GraphScript[] = [
  {
    title: "a list kept by a DeltaChannel that forks, and is copied, between and at its snapshots",
    run: async (open) => {
      const graph = () => noting.compile({ checkpointer: open() });
      await graph().invoke({ log: ["input"] }, config);
      const seen: unknown[] = [];
      for (const { config: past } of everyThird(await historyOf(graph()))) {
        const fork = await graph().updateState(past, { log: ["forked"] });
        const copy = await graph().updateState(past, null, "__copy__");
        seen.push(await graph().getState(fork), await graph().invoke(null, copy));
      }
      return { seen, states: await tellStates(graph(), config) };
    },
  },
  {
    title: "a run that is played again from its checkpoints",
    run: async (open) => {
      const graph = () => counting.compile({ checkpointer: open() });
      const live: unknown = await graph().invoke({ count: 0, by: 1 }, config);
      const again: unknown[] = [];
      for (const { config: past } of everyThird(await historyOf(graph()))) {
        again.push(await graph().getState(past), await graph().invoke(null, past));
      }
      return { live, again, states: await tellStates(graph(), config) };
    },
  },
  {
    title: "two forks of one checkpoint that go different ways, read in turns",
    run: async (open) => {
      const graph = () => counting.compile({ checkpointer: open() });
      await graph().invoke({ count: 0, by: 1 }, config);
      const past = (await historyOf(graph())).find(({ values }) => countOf(values) === 2)?.config ?? config;
      const quick = await graph().updateState(past, { by: 2 });
      const slow = await graph().updateState(past, { by: 0.5, notes: ["slowly"] });
      const seen: unknown[] = [await graph().getState(quick), await graph().getState(slow)];
      seen.push(await graph().invoke(null, quick), await graph().invoke(null, slow));
      for (const point of [quick, slow, past]) seen.push(await graph().getState(point));
      return { seen, states: await tellStates(graph(), config) };
    },
  },
  {
    title: "copies of checkpoints, and of copies, gone on with",
    run: async (open) => {
      const graph = () => counting.compile({ checkpointer: open() });
      await graph().invoke({ count: 2, by: 1 }, config);
      const seen: unknown[] = [];
      for (const { config: past } of everyThird(await historyOf(graph()))) {
        const copy = await graph().updateState(past, null, "__copy__");
        const second = await graph().updateState(copy, null, "__copy__");
        seen.push(await graph().getState(copy), await graph().getState(second));
        seen.push(await graph().invoke(null, second), await graph().getState(copy));
      }
      return { seen, states: await tellStates(graph(), config) };
    },
  },
  {
    title: "a state made of updates alone",
    run: async (open) => {
      const graph = () => counting.compile({ checkpointer: open() });
      await graph().bulkUpdateState(config, [
        { updates: [{ values: { count: 1, by: 1 }, asNode: "__input__" }] },
        { updates: [{ values: { count: 3, notes: ["by hand"] }, asNode: "add" }] },
        { updates: [{ values: { notes: ["checked by hand"] }, asNode: "check" }] },
      ]);
      const made = await tellStates(graph(), config);
      const live: unknown = await graph().invoke(null, config);
      await graph().updateState(config, null, "__end__");
      return { made, live, states: await tellStates(graph(), config) };
    },
  },
];

async function historyOf(graph: {
  getStateHistory: (of: typeof config) => AsyncIterableIterator<StateSnapshot>;
}): Promise<StateSnapshot[]> {
  const states: StateSnapshot[] = [];
  for await (const state of graph.getStateHistory(config)) states.push(state);
  return states;
}

function everyThird<Item>(items: readonly Item[]): readonly Item[] {
  return items.filter((_, place) => place % 3 === 0);
}

function countOf(values: unknown): number | undefined {
  // The values of the graph above.
  return (values as { readonly count?: number }).count;
}
