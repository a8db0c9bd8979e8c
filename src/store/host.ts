/**
 * The nouns that a caller holds: store, context, view, phase. Here time, chance and digests enter, values
 * are checked on their way in, and programs are handed to the engine.
 */
import { hash, randomBytes, randomUUID } from "node:crypto";
import type { Host } from "../workflows/workplace.js";

/** Bytes of a salt; written as base64url they make 12 characters. */
const saltBytes = 9;
/** Salts drawn from the operating system at once. */
const saltsAtOnce = 256;

/** Makes the source of time, ids, salts and digests; `now` may be given, so that tests own the clock. */
export function createHost(now: () => number = Date.now): Host {
  let pool = "";
  let used = 0;
  return {
    now,
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
