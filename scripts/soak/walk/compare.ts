import { isDeepStrictEqual } from "node:util";
import { ErasedValue } from "../../../src/index.js";
import { type ContextModel, erased, same, type Scopes } from "./context-model.js";
import type { AnyContext } from "./make-on-store.js";

/** Compares what a handle shows without asking the log. */
export function comparePresent(ctx: AnyContext, model: ContextModel): void {
  const { persistent, ephemeral, protection, metadata, snapshot } = model.scopes;
  const shadowless = valuesIn(ephemeral).filter(([key]) => !persistent.has(key));
  const shown = ctx.keys().map((key) => [key, ctx.get(key)]);
  expectSame([ctx.id, ctx.version, ctx.sequence], [model.id, model.version, model.sequence], "the place");
  expectSame(shown, [...valuesIn(persistent), ...shadowless], "keys and values");
  expectSame(Object.entries(ctx.ephemeral).sort(), valuesIn(ephemeral).sort(), "ephemeral values");
  expectSame(ctx.protectedKeys, [...protection.keys()].sort(), "protected names");
  expectSame(Object.entries(ctx.metadata).sort(), valuesIn(metadata).sort(), "metadata");
  const listed = ctx.snapshots().map(({ reason, version, sequence }) => [reason, version, sequence]);
  const taken = [...snapshot.values()].map(({ value, event }) => [value, event.version, event.sequence]);
  expectSame(listed, taken, "snapshots");
}

/** The keys and values of one scope of a model, in order. */
export function valuesIn(scope: Scopes["persistent"]): [string, unknown][] {
  return [...scope].map(([key, { value }]) => [key, value]);
}

/** Throws where two things are not equal, in whatever order objects have their keys. */
export function expectSame(is: unknown, wanted: unknown, what: string): void {
  if (same(is, wanted) || isDeepStrictEqual(plain(is), plain(wanted))) return;
  throw new Error(`${what}: ${JSON.stringify(plain(is))}\n  instead of ${JSON.stringify(plain(wanted))}`);
}

/** As a model tells it. */
function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (_, part: unknown) => (part instanceof ErasedValue ? erased : part));
  // Nothing has no text.
  return (text as string | undefined) === undefined ? undefined : (JSON.parse(text) as unknown);
}
