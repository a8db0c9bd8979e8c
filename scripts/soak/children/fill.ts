import { openStore } from "../../../src/index.js";

/**
 * Fills a small store with something of everything, and dies without closing it, so that its newest events are
 * in the log only. With "close" it ends in order.
 */
const [path = "", ending, seed] = process.argv.slice(2);
const store = openStore(path, { durability: "normal", compression: { overBytes: 300 } });
const run = store.context("run", {
  initial: { plan: ["a"], count: 0 },
  protect: ["plan"],
  metadata: { seed },
});

run.set("budget", Number(seed), { actor: "planner", idempotencyKey: `budget ${ending}` });
run.batch(() => {
  run.set("left", seed);
  run.set("right", seed);
});
run.setEphemeral("progress", 50);
run.snapshot(`before ${ending}`, { metadata: { round: 3 } });
await run.phase("research", (copy) => (copy.notes = [`found ${seed}`]), { once: `research ${ending}` });
const twin = run.fork(`twin ${ending}`, { at: 2 });
twin.set("own", { text: "t".repeat(600) });
run.merge(twin, "threeWay");
run.set("secret", "hush");
run.redact("secret", "a secret");
run.replayInto((sum: number) => sum + 1, 0, { cursor: "count" });
const other = store.context("other");
for (let step = 0; step < 8; step += 1) other.set(`key ${step % 3}`, { step, text: "x".repeat(step * 90) });
other.delete("key 1");
other.restore({ version: 5 });
other.fork(`kept ${ending}`);
const short = store.context(`short ${ending}`);
short.set("a", 1);
if (ending === "close") {
  store.delete(short.id);
  store.close();
} else process.kill(process.pid, "SIGKILL");
