/**
 * The process of a graph that is killed on its way: it begins the thread or goes on with it, and prints the last
 * state if it lives to see it. Each node that begins is noted in a file first.
 */
import { appendFileSync } from "node:fs";
import { DurableContextSaver } from "../../../../src/adapters/langgraph/index.js";
import { longGraph } from "./long-graph.js";

/** When this process ends itself: at the count-th time that it begins a node, or before or after a call of its saver. */
export interface Death {
  readonly at: string;
  readonly count: number;
}

export interface Life {
  readonly file: string;
  readonly notes: string;
  readonly durability: "sync" | "async";
  readonly death?: Death;
}

// Who starts this process says in JSON what is to happen to it.
const { file, notes, durability, death } = JSON.parse(process.argv[2] ?? "") as Life;
const config = { configurable: { thread_id: "long" }, durability };
let left = death?.count ?? 0;

const saver = DurableContextSaver.open(file);
for (const verb of ["put", "putWrites"] as const) {
  const call = saver[verb].bind(saver) as (...given: unknown[]) => Promise<unknown>;
  Object.assign(saver, {
    [verb]: async (...given: unknown[]) => {
      dieAt(`before ${verb}`);
      const answer = await call(...given);
      dieAt(`after ${verb}`);
      return answer;
    },
  });
}

const graph = longGraph((node) => {
  appendFileSync(notes, `${node}\n`);
  dieAt(node);
}).compile({ checkpointer: saver });
const { config: begun } = await graph.getState(config);
await graph.invoke(begun.configurable?.checkpoint_id === undefined ? {} : null, config);
const { values } = (await graph.getState(config)) as { values: unknown };
console.log(JSON.stringify(values));

function dieAt(place: string): void {
  if (place === death?.at && --left === 0) process.kill(process.pid, "SIGKILL");
}
