import {
  Annotation,
  type BaseCheckpointSaver,
  type CheckpointTuple,
  Command,
  START,
  StateGraph,
  interrupt,
} from "@langchain/langgraph";
import type { GraphScript } from "./graph-script.js";
import { tellStates } from "./tell.js";

const State = Annotation.Root({
  notes: Annotation<string[]>({ reducer: (before, more) => [...before, ...more], default: () => [] }),
});

const innermost = new StateGraph(State)
  .addNode("look", () => ({ notes: ["looked"] }))
  .addNode("ask", () => ({ notes: [`was told ${String(interrupt("What is there?"))}`] }))
  .addEdge(START, "look")
  .addEdge("look", "ask")
  .compile();

const middle = new StateGraph(State)
  .addNode("prepare", () => ({ notes: ["prepared"] }))
  .addNode("research", innermost)
  .addEdge(START, "prepare")
  .addEdge("prepare", "research")
  .compile();

/** A graph in a graph in a graph; the innermost one asks. */
const nested = new StateGraph(State)
  .addNode("plan", () => ({ notes: ["planned"] }))
  .addNode("work", middle)
  .addNode("report", ({ notes }) => ({ notes: [`reported ${notes.length}`] }))
  .addEdge(START, "plan")
  .addEdge("plan", "work")
  .addEdge("work", "report");

/** A graph that keeps what it knows from one call to the next. */
const remembering = new StateGraph(
  Annotation.Root({
    count: Annotation<number>({ reducer: (before, more) => before + more, default: () => 0 }),
    notes: Annotation<string[]>({ reducer: (_, more) => more, default: () => [] }),
  }),
)
  .addNode("add", ({ count }) => ({ count: 1, notes: [`call ${count + 1}`] }))
  .addEdge(START, "add")
  .compile({ checkpointer: true });

const calling = new StateGraph(State).addNode("call", remembering).addEdge(START, "call");

export const subgraphScripts: readonly GraphScript[] = [
  {
    title: "a graph in a graph in a graph, which asks and is answered",
    run: async (open) => {
      const config = { configurable: { thread_id: "nested" } };
      const graph = () => nested.compile({ checkpointer: open() });
      const asked = await graph().invoke({}, config);
      const before = await tellStates(graph(), config);
      const answered = await graph().invoke(new Command({ resume: "a door" }), config);
      return { asked, before, answered, after: await tellStates(graph(), config), all: await allOf(open()) };
    },
  },
  {
    title: "a subgraph whose own state is mended while it waits",
    run: async (open) => {
      const config = { configurable: { thread_id: "mended" } };
      const graph = () => nested.compile({ checkpointer: open() });
      await graph().invoke({}, config);
      const { tasks } = await graph().getState(config, { subgraphs: true });
      const state = tasks[0]?.state;
      const inner = state !== undefined && "config" in state ? state.config : config;
      await graph().updateState(inner, { notes: ["mended"] });
      const live: unknown = await graph().invoke(new Command({ resume: "a window" }), config);
      return { live, after: await tellStates(graph(), config), all: await allOf(open()) };
    },
  },
  {
    title: "a subgraph that remembers its calls",
    run: async (open) => {
      const config = { configurable: { thread_id: "remembering" } };
      const graph = () => calling.compile({ checkpointer: open() });
      const calls: unknown[] = [];
      for (let call = 0; call < 3; call++) calls.push(await graph().invoke({}, config));
      return { calls, states: await tellStates(graph(), config), all: await allOf(open()) };
    },
  },
];

/**
 * Every checkpoint of every namespace, in an order that all savers can tell. A channel that was never written to has no
 * version, and need not be kept.
 */
async function allOf(saver: BaseCheckpointSaver): Promise<unknown> {
  const tuples: CheckpointTuple[] = [];
  for await (const tuple of saver.list({})) tuples.push(tuple);
  const placeOf = ({ config: { configurable }, checkpoint }: CheckpointTuple) =>
    `${String(configurable?.checkpoint_ns).replace(/:[0-9a-f-]+/g, "")} ${checkpoint.id}`;
  return tuples
    .sort((left, right) => (placeOf(left) < placeOf(right) ? -1 : 1))
    .map(({ checkpoint, metadata, pendingWrites }) => ({
      values: Object.fromEntries(
        Object.entries(checkpoint.channel_values).filter(([name]) => name in checkpoint.channel_versions),
      ),
      source: metadata?.source,
      step: metadata?.step,
      writes: pendingWrites?.map(([, channel, value]) => JSON.stringify({ channel, value })).sort(),
    }));
}
