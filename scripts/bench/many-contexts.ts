/** Holds many contexts of one store open in this fresh process, and says what each took. */
import { type Context, openStore } from "durable-context";

const [file = "", wished = ""] = process.argv.slice(2);
const count = Number(wished);
const store = openStore(file, { durability: "normal" });
// What runs first is compiled meanwhile.
for (let place = 0; place < 200; place++) {
  using context = store.context(`run-${place}`);
  context.watch({}, () => undefined).close();
}

const contexts: Context[] = [];
const watches: { close: () => void }[] = [];
const empty = heap();
const openMs = timeOf(() => {
  for (let place = 0; place < count; place++) contexts.push(store.context(`run-${place}`));
});
const open = heap();
const watchMs = timeOf(() => {
  for (const context of contexts) watches.push(context.watch({}, () => undefined));
});
await aWhile();
const watched = heap();
// One commit while all of them are watched: until every watch is at rest again.
const told = performance.now();
contexts[0]?.set("goal", "told");
await aWhile();
const tellMs = performance.now() - told;
const setMs = timeOf(() => {
  for (const context of contexts.slice(0, 1000)) context.set("goal", "written");
});
const unwatchMs = timeOf(() => {
  for (const watch of watches) watch.close();
});
await aWhile();
const closeMs = timeOf(() => {
  for (const context of contexts) context.close();
});
contexts.length = 0;
watches.length = 0;
const closed = heap();
const listMs = timeOf(() => {
  if (store.contexts().length < count) throw new Error("A context is not listed.");
});
store.close();
console.log(
  JSON.stringify({
    openUs: (openMs / count) * 1000,
    watchUs: (watchMs / count) * 1000,
    unwatchUs: (unwatchMs / count) * 1000,
    closeUs: (closeMs / count) * 1000,
    setUs: (setMs / Math.min(count, 1000)) * 1000,
    tellMs,
    listMs,
    handleBytes: (open - empty) / count,
    watchBytes: (watched - open) / count,
    leftBytes: (closed - empty) / count,
  }),
);

function timeOf(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

/** Until what was begun has come to rest: everything that is due now, and whatever it makes due. */
async function aWhile(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function heap(): number {
  for (let round = 0; round < 4; round++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
