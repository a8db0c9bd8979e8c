import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { fakeModel } from "@langchain/core/testing";
import { tool } from "@langchain/core/tools";
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode, createReactAgent, toolsCondition } from "@langchain/langgraph/prebuilt";
import { z } from "zod";
import type { GraphScript, OpenSaver } from "./graph-script.js";
import { tellStates } from "./tell.js";

const config = { configurable: { thread_id: "agent" } };

const weather = tool(({ city }) => `Rain in ${city}`, {
  name: "weather",
  description: "Tells the weather.",
  schema: z.object({ city: z.string() }),
});
const add = tool(({ a, b }) => ({ sum: a + b }), {
  name: "add",
  description: "Adds.",
  schema: z.object({ a: z.number(), b: z.number() }),
});

/** A model that calls two tools at once, then one, then answers; and answers at once when asked again. */
function talkative() {
  return fakeModel()
    .respond(
      calling("a1", [
        { id: "call_1", name: "weather", args: { city: "Oslo" } },
        { id: "call_2", name: "add", args: { a: 1, b: 2 } },
      ]),
    )
    .respond(calling("a2", [{ id: "call_3", name: "weather", args: { city: "Bergen" } }]))
    .respond(new AIMessage({ id: "a3", content: "Rain in both; 3." }))
    .respond(new AIMessage({ id: "a4", content: "You are welcome." }));
}

function calling(id: string, calls: { id: string; name: string; args: Record<string, unknown> }[]) {
  return new AIMessage({
    id,
    content: "",
    tool_calls: calls.map((call) => ({ type: "tool_call" as const, ...call })),
  });
}

const asked = () => ({ messages: [new HumanMessage({ id: "h1", content: "What is it like outside?" })] });
const thanked = () => ({ messages: [new HumanMessage({ id: "h2", content: "Thanks." })] });

export const agentScripts: readonly GraphScript[] = [
  {
    title: "an agent of LangGraph's own that calls tools, and is asked again later",
    run: async (open) => {
      const llm = talkative();
      const agent = (saver: ReturnType<OpenSaver>) =>
        // It has moved to another package, but most agents that are out there were made by this one.
        // eslint-disable-next-line @typescript-eslint/no-deprecated
        createReactAgent({ llm, tools: [weather, add], checkpointer: saver });
      const first = await agent(open()).invoke(asked(), config);
      const second = await agent(open()).invoke(thanked(), config);
      return { first, second, ...(await told(agent(open()))) };
    },
  },
  {
    title: "an agent put together of a model and a tool node",
    run: async (open) => {
      const llm = talkative().bindTools([weather, add]);
      const builder = new StateGraph(MessagesAnnotation)
        .addNode("model", async ({ messages }) => ({ messages: [await llm.invoke(messages)] }))
        .addNode("tools", new ToolNode([weather, add]))
        .addEdge(START, "model")
        .addConditionalEdges("model", toolsCondition)
        .addEdge("tools", "model");
      const first = await builder.compile({ checkpointer: open() }).invoke(asked(), config);
      const second = await builder.compile({ checkpointer: open() }).invoke(thanked(), config);
      return { first, second, ...(await told(builder.compile({ checkpointer: open() }))) };
    },
  },
];

async function told(graph: Parameters<typeof tellStates>[0]) {
  return { states: await tellStates(graph, config) };
}
