import { join } from "node:path";
import type { Context, Store } from "../../../src/index.js";

/** What the calls are made on. */
export interface Stage {
  readonly store: Store;
  readonly context: Context;
  /** A folder for files that calls may make. */
  readonly folder: string;
}

/** One public verb: the arguments of a call that is right, and the call. Any argument may be put in their place. */
export interface Verb {
  readonly name: string;
  readonly given: readonly unknown[];
  readonly call: (stage: Stage, given: readonly never[]) => unknown;
  /** That it failed is a fact about the context, too. */
  readonly recordsFailure: boolean;
}

/** Describes a verb by a call that is right. */
export function verb<const Given extends readonly unknown[]>(
  name: string,
  given: Given,
  call: (stage: Stage, given: { readonly [Place in keyof Given]: never }) => unknown,
): Verb {
  // What is given when it is called has as many places.
  return { name, given, call: call as Verb["call"], recordsFailure: name.startsWith("phase") };
}

/** Who does it, why, and for which trace. */
export const attribution = { actor: "a", cause: "c", tags: { trace: "t" } };

/** Options that every write takes. */
export const write = { ...attribution, expectedVersion: undefined, idempotencyKey: undefined };

/** Options of a search. */
export function searching(): object {
  return {
    in: "history",
    keys: true,
    values: true,
    scope: "persistent",
    since: undefined,
    until: undefined,
    limit: 5,
  };
}

/** Options of a watch. */
export function watching(): object {
  return { key: "*", type: "value_set", actor: "a", from: "now", signal: undefined, pollMs: 50 };
}

/** Files are made in the stage's folder only, whatever they are called: a path that leads elsewhere would be followed. */
export function inside(folder: string, file: unknown): never {
  const name =
    typeof file === "string"
      ? join(folder, encodeURIComponent(Buffer.from(file).toString()).slice(0, 200))
      : file;
  // A caller without types may pass anything.
  return name as never;
}

/** Ends a watch that was begun only to be begun. */
export function ended(watch: { close: () => void }): void {
  watch.close();
}

/** Goes through all that is given one by one. */
export async function drained(items: Iterable<unknown> | AsyncIterable<unknown>): Promise<void> {
  for await (const item of items) if (item === items) return;
}
