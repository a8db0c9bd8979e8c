import { writeSync } from "node:fs";
import { isContextError, openStore } from "../../../src/index.js";
import type { TurnAssignment } from "../turn-assignment.js";

/**
 * Writes to some contexts in one turn of the event loop, by a store that groups writes, and tells what it was
 * told. Then it comes to its end in the way that it was given.
 */
const { path, turns, ending } = JSON.parse(process.argv[2] ?? "") as TurnAssignment;
const store = openStore(path, { durability: "grouped" });
const ids = ["a", "b", "c"];
store.onWarning(({ kind }) => {
  say({ warned: kind });
});
await attempt("open", async () => {
  for (const id of ids) store.context(id);
  await store.durable();
});
for (let turn = 1; turn <= turns; turn += 1) await attempt(`turn ${turn}`, () => writeAll(turn));
await attempt("get", () => store.context("a").get("left"));
await attempt("set", () => store.context("a").set("later", true));
await attempt("durable", () => store.durable());
await attempt("close", () => {
  store.close();
});

async function writeAll(turn: number): Promise<void> {
  for (const id of ids) {
    const context = store.context(id);
    context.batch(() => {
      context.set("left", turn);
      context.set("right", turn);
    });
  }
  if (turn === turns) end(store.context("c").get("right"));
  await store.durable();
}

function end(seen: unknown): void {
  if (ending !== "go on") say({ seen });
  if (ending === "kill") process.kill(process.pid, "SIGKILL");
  if (ending === "exit") process.exit(0);
}

async function attempt(what: string, work: () => unknown): Promise<void> {
  try {
    await work();
    say({ what, told: "done" });
  } catch (error) {
    say({ what, told: isContextError(error) ? error.code : String(error) });
  }
}

function say(words: object): void {
  writeSync(1, `${JSON.stringify(words)}\n`);
}
