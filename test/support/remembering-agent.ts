import { Annotation, type LangGraphRunnableConfig, StateGraph } from "@langchain/langgraph";
import type { DurableContextStore } from "../../src/adapters/langgraph/index.js";

/** A graph that remembers what users said, and answers with all that it remembers of one. */
export function rememberingAgent(memory: DurableContextStore) {
  const State = Annotation.Root({
    user: Annotation<string>,
    said: Annotation<string>,
    remembered: Annotation<string[]>,
  });
  const remember = async ({ user, said }: typeof State.State, config: LangGraphRunnableConfig) => {
    const count = (await config.store?.search(["users", user], { limit: 100 }))?.length ?? 0;
    await config.store?.put(["users", user], `memory ${count}`, { said });
    return {};
  };
  const recall = async ({ user }: typeof State.State, config: LangGraphRunnableConfig) => {
    const found = await config.store?.search(["users", user]);
    return { remembered: found?.map(({ value }) => String(value.said)) ?? [] };
  };
  return new StateGraph(State)
    .addNode("remember", remember)
    .addNode("recall", recall)
    .addEdge("__start__", "remember")
    .addEdge("remember", "recall")
    .compile({ store: memory });
}
