import {
  Annotation,
  type BaseCheckpointSaver,
  DeltaChannel,
  END,
  START,
  StateGraph,
} from "@langchain/langgraph";
import type { Contestant, Contestants } from "../contestant.js";
import { openOurSaver, openSqliteSaver, type OpenedSaver } from "../opened-saver.js";

/** How the graph keeps its messages. Both are LangGraph's own; the second is its answer to states that grow. */
const states = {
  plain: Annotation.Root({
    messages: Annotation<unknown[]>({ reducer: (before, more) => [...before, ...more], default: () => [] }),
  }),
  delta: Annotation.Root({
    messages: () => new DeltaChannel<unknown[], unknown[]>((before, writes) => [...before, ...writes.flat()]),
  }),
} as const;

/** A graph that loops, a message a step; each step is a checkpoint that was stored before the next begins. */
export const contestants: Contestants = {
  ours: (place) => enter(openOurSaver(place), "plain"),
  "ours delta": (place) => enter(openOurSaver(place), "delta"),
  peer: (place) => enter(openSqliteSaver(place), "plain"),
  "peer delta": (place) => enter(openSqliteSaver(place), "delta"),
};

/** The thread that the graph runs in. */
const thread = { configurable: { thread_id: "run-42" } };

/** The graph as it is, for who only looks at its state. */
export function graphOf(kind: keyof typeof states, saver: BaseCheckpointSaver, next = noMore) {
  let isOver = false;
  return new StateGraph(states[kind])
    .addNode("step", async () => {
      const message = await next();
      isOver = message === undefined;
      return isOver ? {} : { messages: [message] };
    })
    .addEdge(START, "step")
    .addConditionalEdges("step", () => (isOver ? END : "step"), ["step", END])
    .compile({ checkpointer: saver });
}

function noMore(): Promise<unknown> {
  return Promise.resolve(undefined);
}

async function enter({ saver, bytes, close }: OpenedSaver, kind: keyof typeof states): Promise<Contestant> {
  const queue = new Handover();
  const graph = graphOf(kind, saver, () => queue.take());
  const ended = graph.invoke({}, { ...thread, durability: "sync", recursionLimit: 1e6 });
  await queue.isAwaited();
  return {
    push: (_, message) => queue.give(message),
    bytes,
    close: async () => {
      void queue.give(undefined);
      await ended;
      close();
    },
  };
}

/** Hands messages from the race to the graph, and tells when the graph waits for the next one. */
class Handover {
  #resolve: ((message: unknown) => void) | undefined;
  #onWait = (): void => undefined;

  take(): Promise<unknown> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#onWait();
    });
  }

  async isAwaited(): Promise<void> {
    if (this.#resolve === undefined) await new Promise<void>((resolve) => (this.#onWait = resolve));
  }

  give(message: unknown): Promise<void> {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    const waiting = new Promise<void>((onWait) => (this.#onWait = onWait));
    resolve?.(message);
    return waiting;
  }
}
