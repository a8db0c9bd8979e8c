import { subscribe } from "node:diagnostics_channel";
import { openMemoryStore } from "../../../src/index.js";

/** Writes while a subscriber to commits throws, and says what became of the write and of the error. */
const store = openMemoryStore();
const context = store.context("run");
subscribe("durable-context:commit", () => {
  throw new Error("from the subscriber");
});
process.once("uncaughtException", (error) => console.log(`uncaught: ${error.message}`));
context.set("a", 1);
console.log(`written: ${JSON.stringify(context.data)}`);
