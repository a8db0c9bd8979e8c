/**
 * The nouns that a caller holds: store, context, view, phase. Here time, chance and digests enter, values
 * are checked on their way in, and programs are handed to the engine.
 */
import { hash, randomBytes, randomUUID } from "node:crypto";
import { ContextError } from "../core/errors.js";
import type { Host } from "../workflows/workplace.js";

/** Bytes of a salt; written as base64url they make 12 characters. */
const saltBytes = 9;
/** Salts drawn from the operating system at once. */
const saltsAtOnce = 256;

/**
 * Makes the source of time, ids, salts and digests; `now` may be given, so that tests own the clock. Fractions
 * of a millisecond are cut off.
 * @throws {ContextError} OPTION_INVALID
 */
export function createHost(now: () => number = Date.now): Host {
  let pool = "";
  let used = 0;
  if (typeof now !== "function") throw unfitClock("it is not a function");
  return {
    now: () => wholeTime(now()),
    newId: randomUUID,
    salt: () => {
      const characters = (saltBytes / 3) * 4;
      if (used >= pool.length) {
        pool = randomBytes(saltBytes * saltsAtOnce).toString("base64url");
        used = 0;
      }
      used += characters;
      return pool.slice(used - characters, used);
    },
    digest: (text) => hash("sha256", text, "hex"),
  };
}

/** The latest time that a Date can hold, in ms since the epoch. */
const latestTime = 8.64e15;

function wholeTime(time: number): number {
  const whole = typeof time === "number" ? Math.floor(time) : Number.NaN;
  if (whole >= 0 && whole <= latestTime) return whole;
  throw unfitClock("it gave no time in ms since the epoch");
}

function unfitClock(why: string): ContextError {
  return new ContextError("OPTION_INVALID", { option: "now", why });
}
