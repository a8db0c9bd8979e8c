import { Annotation, Command, END, START, StateGraph, interrupt } from "@langchain/langgraph";
import type { GraphScript } from "./graph-script.js";
import { tellStates } from "./tell.js";

const config = { configurable: { thread_id: "human" } };

const State = Annotation.Root({
  draft: Annotation<string>,
  answers: Annotation<unknown[]>({ reducer: (before, more) => [...before, ...more], default: () => [] }),
});

/** A draft that is shown, and written anew until it is liked. */
const review = new StateGraph(State)
  .addNode("write", ({ answers }) => ({ draft: `draft ${answers.length + 1}` }))
  .addNode(
    "review",
    ({ draft }: typeof State.State) => {
      const liked = interrupt<unknown, unknown>({ question: "Do you like it?", draft });
      const why = interrupt<unknown, unknown>({ question: "Why?", liked });
      return new Command({ goto: liked === true ? END : "write", update: { answers: [{ liked, why }] } });
    },
    { ends: ["write", END] },
  )
  .addEdge(START, "write")
  .addEdge("write", "review");

/** Two people are asked at once. */
const survey = new StateGraph(State)
  .addNode("ann", () => ({ answers: [{ ann: interrupt<string, unknown>("Ann?") }] }))
  .addNode("ben", () => ({ answers: [{ ben: interrupt<string, unknown>("Ben?") }] }))
  .addNode("cleo", () => ({ answers: ["cleo was not asked"] }))
  .addNode("end", ({ answers }) => ({ draft: `${answers.length} answers` }))
  .addEdge(START, "ann")
  .addEdge(START, "ben")
  .addEdge(START, "cleo")
  .addEdge(["ann", "ben", "cleo"], "end");

export const humanScripts: readonly GraphScript[] = [
  {
    title: "a person who is asked twice in a node, and asks for another draft",
    run: async (open) => {
      const seen: unknown[] = [];
      for (const input of [{}, ...[false, "too short", true, "fine"].map(resumed)]) {
        const graph = review.compile({ checkpointer: open() });
        seen.push(await graph.invoke(input, config), await tellStates(graph, config));
      }
      return seen;
    },
  },
  {
    title: "two people who are asked at once and answer one after the other",
    run: async (open) => {
      const graph = () => survey.compile({ checkpointer: open() });
      const seen: unknown[] = [await graph().invoke({}, config)];
      for (const node of ["ben", "ann"]) {
        const { tasks } = await graph().getState(config);
        const asking = tasks.find(({ name }) => name === node)?.interrupts[0]?.id ?? "";
        seen.push(await graph().invoke(new Command({ resume: { [asking]: `${node} says yes` } }), config));
        seen.push(await tellStates(graph(), config));
      }
      return seen;
    },
  },
  {
    title: "a stop before a node, where the state is mended",
    run: async (open) => {
      const graph = () => survey.compile({ checkpointer: open(), interruptBefore: ["cleo"] });
      const stopped = await graph().invoke({ answers: ["before"] }, config);
      const before = await tellStates(graph(), config);
      await graph().updateState(config, { answers: ["mended"] }, "__start__");
      const asked = await graph().invoke(null, config);
      return { stopped, before, asked, after: await tellStates(graph(), config) };
    },
  },
];

function resumed(answer: unknown): Command {
  return new Command({ resume: answer });
}
