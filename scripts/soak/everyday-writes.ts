import type { Context } from "../../src/index.js";
import type { Random } from "./random.js";

/** How a process writes, and how it tells of each write once it returned. */
export interface Writing {
  readonly random: Random;
  /** The longest text of a value, in characters. */
  readonly textLength: number;
  readonly acknowledge: (context: Context) => void;
}

/** Writes to a context what an orchestrator writes all the time; gives the number that stands in it. */
export function everydayWrites(context: Context, { random, textLength, acknowledge }: Writing): number {
  const round = random.below(2 ** 31);
  context.set(`key ${round % 20}`, { round, text: "x".repeat(round % textLength) });
  acknowledge(context);
  context.edit("count", (count) => Number(count) + 1);
  acknowledge(context);
  context.batch(() => {
    context.set("left", round);
    context.set("right", round);
  });
  acknowledge(context);
  context.merge({ [`result ${round % 7}`]: round, note: null }, random.pick(["safe", "update"]));
  acknowledge(context);
  return round;
}
