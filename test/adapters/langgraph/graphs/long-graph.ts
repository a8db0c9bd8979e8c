import { Annotation, DeltaChannel, END, START, StateGraph } from "@langchain/langgraph";

const rounds = 4;

/**
 * Rounds of branches side by side, one of them a graph of its own, whose results are kept in a list as a whole and
 * in a DeltaChannel. `enter` is told of each node that begins.
 */
export function longGraph(enter: (node: string) => void) {
  const appended = <Value>(before: Value[], more: Value[]) => [...before, ...more];
  const State = Annotation.Root({
    round: Annotation<number>({ reducer: (_, next) => next, default: () => 0 }),
    list: Annotation<string[]>({ reducer: appended, default: () => [] }),
    delta: () =>
      new DeltaChannel<string[], string[]>((before, writes) => [...before, ...writes.flat()], {
        snapshotFrequency: 7,
      }),
  });
  const step = (node: string) => (state: typeof State.State) => {
    enter(node);
    const line = `${node} of ${state.round} after ${state.list.length} and ${state.delta.length}`;
    return { list: [line], delta: [line] };
  };
  const deep = new StateGraph(Annotation.Root({ round: Annotation<number>, found: Annotation<string> }))
    .addNode("dig", ({ round }) => {
      enter("dig");
      return { found: `dug in ${round}` };
    })
    .addNode("wash", ({ found }) => {
      enter("wash");
      return { found: `${found}, washed` };
    })
    .addEdge(START, "dig")
    .addEdge("dig", "wash")
    .compile();
  return new StateGraph(State)
    .addNode("open", ({ round }) => ({ round: round + 1 }))
    .addNode("left", step("left"))
    .addNode("deep", async ({ round }) => {
      const { found } = await deep.invoke({ round, found: "" });
      return { list: [found], delta: [found] };
    })
    .addNode("right", step("right"))
    .addNode("close", step("close"))
    .addEdge(START, "open")
    .addEdge("open", "left")
    .addEdge("open", "deep")
    .addEdge("open", "right")
    .addEdge(["left", "deep", "right"], "close")
    .addConditionalEdges("close", ({ round }) => (round < rounds ? "open" : END), ["open", END]);
}
