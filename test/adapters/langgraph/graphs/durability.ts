import { Annotation, END, START, StateGraph, entrypoint, getPreviousState, task } from "@langchain/langgraph";
import { growing } from "./parallel.js";
import type { GraphScript } from "./graph-script.js";
import { tellStates } from "./tell.js";

const modes = ["sync", "async", "exit"] as const;

export const durabilityScripts: readonly GraphScript[] = [
  ...(["whole", "delta"] as const).flatMap((kind) =>
    modes.map((durability): GraphScript => ({
      title: `a graph run with durability "${durability}", failing half way, its list kept ${kind}`,
      run: async (open) => {
        const config = { configurable: { thread_id: "durability" }, durability };
        let fails = true;
        const steps = new StateGraph(growing[kind]())
          .addNode("step", ({ log }) => {
            if (log.length === 3 && fails) throw new Error("Half way.");
            return { log: [`step ${log.length}`] };
          })
          .addEdge(START, "step")
          .addConditionalEdges("step", ({ log }) => (log.length < 6 ? "step" : END), ["step", END]);
        const graph = () => steps.compile({ checkpointer: open() });
        const failed = await graph()
          .invoke({ log: ["input"] }, config)
          .catch((error: unknown) => String(error));
        const between = await tellStates(graph(), config);
        fails = false;
        const live: unknown = await graph().invoke(null, config);
        return { failed, between, live, states: await tellStates(graph(), config) };
      },
    })),
  ),
  {
    title: "a workflow of functions that remembers what it returned",
    run: async (open) => {
      const config = { configurable: { thread_id: "functions" } };
      const double = task("double", async (number: number) => 2 * number);
      const workflow = () =>
        entrypoint({ name: "workflow", checkpointer: open() }, async (numbers: number[]) => {
          const doubled = await Promise.all(numbers.map((number) => double(number)));
          const before = getPreviousState<number | undefined>() ?? 0;
          return doubled.reduce((sum, number) => sum + number, before);
        });
      const results = [await workflow().invoke([1, 2, 3], config), await workflow().invoke([4], config)];
      return { results, states: await tellStates(workflow(), config) };
    },
  },
  {
    title: "a channel that is emptied and filled again",
    run: async (open) => {
      const config = { configurable: { thread_id: "emptied" } };
      const steps = new StateGraph(Annotation.Root({ kept: Annotation<unknown>, count: Annotation<number> }))
        .addNode("step", ({ count }) => ({ kept: count % 2 === 0 ? null : { count }, count: count + 1 }))
        .addEdge(START, "step")
        .addConditionalEdges("step", ({ count }) => (count < 5 ? "step" : END), ["step", END]);
      const graph = () => steps.compile({ checkpointer: open() });
      const live: unknown = await graph().invoke({ count: 0 }, config);
      return { live, states: await tellStates(graph(), config) };
    },
  },
];
