import type { Program } from "../program/program.js";
import { takeTexts } from "./check-option.js";
import { rebuild } from "../workflows/rebuild.js";
import type { Site } from "../workflows/site.js";
import { type Verification, verify } from "../workflows/verify.js";
import { type HeadKey, readHead } from "./head.js";

/** What is to be verified, and what is done about damage. */
export interface VerifyOptions {
  /** Only these contexts; all of them, and the store's own stream, unless named. */
  readonly contexts?: readonly string[];
  /** A head that was kept elsewhere: a line that `ctx.head()` gave, or a bare hash. */
  readonly head?: string;
  /** The key that the head was signed with. */
  readonly key?: HeadKey;
  /** Rebuilds the derived tables where they are wrong. Events are never repaired. */
  readonly repair?: boolean;
}

/** Verifies, and rebuilds what is derived where that is asked for and of use. */
export function* verifyStore(site: Site, options: VerifyOptions): Program<Verification> {
  const { head, key, repair = false } = options;
  const contexts = options.contexts === undefined ? undefined : takeTexts("contexts", options.contexts);
  const wanted = head === undefined ? undefined : readHead(head, key);
  const found = yield* verify(site, { contexts, head: wanted });
  const isMendable = found.faults.some(({ kind }) => kind === "projection" || kind === "snapshot");
  if (!repair || !isMendable) return Object.freeze(found);
  return Object.freeze({ ...found, repaired: yield* rebuild(site) });
}
