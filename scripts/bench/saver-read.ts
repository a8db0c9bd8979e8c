/** Opens a saver in this fresh process, and reads a thread: its newest tuple, its state through the graph, or all of it. */
import { openOurSaver, openSqliteSaver } from "./opened-saver.js";

const [who = "", what = "", file = ""] = process.argv.slice(2);
const open = who.startsWith("ours") ? openOurSaver : openSqliteSaver;
const thread = { configurable: { thread_id: "run-42" } };
const kind = who.endsWith("delta") ? "delta" : "plain";

const baseBytes = process.memoryUsage().rss;
const began = performance.now();
const opened = open({ file, durability: "normal" });
let firstMs = 0;
let count = 0;
if (what === "tuple") {
  const tuple = await opened.saver.getTuple(thread);
  if (tuple !== undefined) count = 1;
}
if (what === "state") {
  const { graphOf } = await import("./contestants/graph.js");
  // The state of that graph.
  const state = (await graphOf(kind, opened.saver).getState(thread)) as {
    readonly values: { readonly messages: readonly unknown[] };
  };
  count = state.values.messages.length;
}
if (what === "list") {
  const tuples = opened.saver.list(thread);
  while ((await tuples.next()).done !== true) {
    if (count++ === 0) firstMs = performance.now() - began;
  }
}
const ms = performance.now() - began;
opened.close();
const peakBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ ms, firstMs, count, baseBytes, peakBytes }));
