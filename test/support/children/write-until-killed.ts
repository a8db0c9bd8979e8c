import { writeSync } from "node:fs";
import { openStore } from "../../../src/index.js";

/**
 * Goes on with the context "run" of the store that the first argument names, in every way that writes, and
 * says after each write which sequence and version it was told; it ends only when it is killed.
 */
const [path = ""] = process.argv.slice(2);
const store = openStore(path);
const context = store.context("run", { initial: { count: 0 } });

function acknowledge(): void {
  writeSync(1, `${context.sequence} ${context.version}\n`);
}

for (let round = context.version; ; round += 1) {
  context.set(`key ${round % 20}`, { round, text: "x".repeat(round % 500) });
  acknowledge();
  context.edit("count", (count) => Number(count) + 1);
  acknowledge();
  context.batch(() => {
    context.set("left", round);
    context.set("right", round);
  });
  acknowledge();
  context.setEphemeral("progress", round);
  context.merge({ [`result ${round % 7}`]: round }, "update");
  const snapshot = context.snapshot(`round ${round}`);
  acknowledge();
  await context.phase("work", (copy) => {
    copy.phase = round;
  });
  if (round % 5 === 0) context.restore(snapshot);
  acknowledge();
}
