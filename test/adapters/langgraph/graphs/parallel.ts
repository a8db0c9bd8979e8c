import { Annotation, DeltaChannel, END, START, Send, StateGraph } from "@langchain/langgraph";
import type { GraphScript, OpenSaver } from "./graph-script.js";
import { tellStates } from "./tell.js";

const branches = ["delta", "alpha", "echo", "bravo", "charlie"] as const;

/** How a list grows that all branches add to: kept whole, or as its writes by LangGraph's own DeltaChannel. */
export const growing = {
  whole: () =>
    Annotation.Root({
      log: Annotation<string[]>({ reducer: (before, more) => [...before, ...more], default: () => [] }),
    }),
  delta: () =>
    Annotation.Root({
      log: () =>
        new DeltaChannel<string[], string[]>((before, writes) => [...before, ...writes.flat()], {
          snapshotFrequency: 4,
        }),
    }),
} as const;

/** Five branches that end in another order each time and add to one list, two rounds over. */
function parallelGraph(kind: keyof typeof growing) {
  const branch = (name: string) => async () => {
    await turns(Math.floor(Math.random() * 6));
    return { log: [`${name} a`, `${name} b`] };
  };
  return new StateGraph(growing[kind]())
    .addNode("begin", () => ({ log: ["begin"] }))
    .addNode("delta", branch("delta"))
    .addNode("alpha", branch("alpha"))
    .addNode("echo", branch("echo"))
    .addNode("bravo", branch("bravo"))
    .addNode("charlie", branch("charlie"))
    .addNode("join", () => ({ log: ["join"] }))
    .addEdge(START, "begin")
    .addConditionalEdges("begin", () => [...branches])
    .addEdge([...branches], "join")
    .addConditionalEdges("join", ({ log }) => (log.length < 2 * 12 ? "begin" : END), ["begin", END]);
}

/** What the graph answers in many threads, and what is read of each by who knows only what was stored. */
export async function liveAndRead(
  kind: keyof typeof growing,
  threads: number,
  open: OpenSaver,
): Promise<{ readonly live: unknown[]; readonly read: unknown[] }> {
  const [live, read]: [unknown[], unknown[]] = [[], []];
  const configOf = (thread: number) => ({ configurable: { thread_id: `parallel ${thread}` } });
  const graph = parallelGraph(kind);
  const [running, later] = [graph.compile({ checkpointer: open() }), graph.compile({ checkpointer: open() })];
  for (let thread = 0; thread < threads; thread++) live.push(await running.invoke({}, configOf(thread)));
  for (let thread = 0; thread < threads; thread++) {
    const state: { values: unknown } = await later.getState(configOf(thread));
    read.push(state.values);
  }
  return { live, read };
}

const mapped = new StateGraph(
  Annotation.Root({
    texts: Annotation<string[]>,
    lengths: Annotation<number[]>({ reducer: (before, more) => [...before, ...more], default: () => [] }),
  }),
)
  .addNode("split", () => ({ texts: ["a", "bb", "ccc", "dddd"] }))
  .addNode("measure", async ({ text }: { text: string }) => {
    await turns(4 - text.length);
    return { lengths: [text.length] };
  })
  .addNode("end", ({ lengths }) => ({ texts: [`${lengths.length} measured`] }))
  .addEdge(START, "split")
  .addConditionalEdges("split", ({ texts }) => texts.map((text) => new Send("measure", { text })), [
    "measure",
  ])
  .addEdge("measure", "end");

export const parallelScripts: readonly GraphScript[] = [
  ...(["whole", "delta"] as const).map((kind): GraphScript => ({
    title: `branches side by side that add to one list, kept ${kind === "whole" ? "whole" : "by a DeltaChannel"}`,
    ...(kind === "delta" && {
      defects: { SqliteSaver: "forgets the paths of tasks, so writes are replayed in another order" },
    }),
    run: async (open) => {
      const config = { configurable: { thread_id: "parallel" } };
      const graph = parallelGraph(kind);
      const live: unknown = await graph.compile({ checkpointer: open() }).invoke({}, config);
      return { live, states: await tellStates(graph.compile({ checkpointer: open() }), config) };
    },
  })),
  {
    title: "as many branches as there are pieces, by Send",
    run: async (open) => {
      const config = { configurable: { thread_id: "mapped" } };
      const live: unknown = await mapped.compile({ checkpointer: open() }).invoke({}, config);
      return { live, states: await tellStates(mapped.compile({ checkpointer: open() }), config) };
    },
  },
  {
    title: "a branch that fails, and is tried again alone",
    run: async (open) => {
      const config = { configurable: { thread_id: "failing" } };
      const ran: string[] = [];
      const graph = new StateGraph(growing.whole())
        .addNode("steady", () => {
          ran.push("steady");
          return { log: ["steady"] };
        })
        .addNode("shaky", async () => {
          ran.push("shaky");
          await turns(5);
          if (ran.length < 3) throw new Error("It did not work.");
          return { log: ["shaky"] };
        })
        .addNode("join", () => ({ log: ["join"] }))
        .addEdge(START, "steady")
        .addEdge(START, "shaky")
        .addEdge(["steady", "shaky"], "join");
      const failed = await graph
        .compile({ checkpointer: open() })
        .invoke({}, config)
        .catch((error: unknown) => String(error));
      const between = await tellStates(graph.compile({ checkpointer: open() }), config);
      const live: unknown = await graph.compile({ checkpointer: open() }).invoke(null, config);
      return {
        failed,
        between,
        live,
        ran,
        states: await tellStates(graph.compile({ checkpointer: open() }), config),
      };
    },
  },
];

/** Lets the event loop turn so many times. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
