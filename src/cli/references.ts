import { type Context, ContextError, formatReference, parseReference, type Store } from "../index.js";
import { usageError } from "./cli-error.js";

/** A context, and a point in its history (such as `@17`) if one is named. */
export interface Place {
  readonly id: string;
  readonly point: string | undefined;
}

/** Reads a reference that must name a context, and may name a point in its history. */
export function readReference(text: string): Place {
  const { context: id, point } = parseReference(text);
  if (id === undefined) {
    throw usageError(
      `Reference ${JSON.stringify(text)} names no context.`,
      "Write it as run-42, or run-42@17.",
    );
  }
  const bare = formatReference(id);
  return { id, point: point && formatReference(id, point).slice(bare.length) };
}

/** A context, and two points in its history; a missing one is where the history begins or ends. */
export interface Range {
  readonly id: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Reads where a range begins, and where it ends: in the same context, whose id need not be repeated. */
export function readRange(first: string, second: string | undefined): Range {
  const begin = readReference(first);
  const { id, point: from } = begin;
  if (second === undefined) return { id, from, to: undefined };
  const { id: other, point: to } = readReferenceBeside(second, begin);
  if (other === id) return { id, from, to };
  throw usageError(
    `${JSON.stringify(first)} and ${JSON.stringify(second)} name two contexts.`,
    "Name two points in the history of one, such as run-42@3 @9.",
  );
}

/** Reads a reference that may leave the context out, and then means the one that was named before. */
export function readReferenceBeside(text: string, { id }: Place): Place {
  return readReference(/^[@#]/.test(text) ? formatReference(id) + text : text);
}

/** Writes a place as a reference. */
export function referenceOf({ id, point = "" }: Place): string {
  return formatReference(id) + point;
}

/** Reads a reference that must name a context as it is now. */
export function readContextId(text: string): string {
  const { id, point } = readReference(text);
  if (point === undefined) return id;
  throw usageError(
    `${JSON.stringify(text)} names a point in history, where a context was expected.`,
    `Leave the point out; an id with @ or # in it is quoted: '${JSON.stringify(text)}'.`,
  );
}

/** The context of an id, which must exist. */
export function getContext(store: Store, id: string): Context {
  const context = store.find(id);
  if (context === undefined) throw new ContextError("CONTEXT_NOT_FOUND", { context: id });
  return context;
}

/** A context's present version, as a reference. */
export function presentReference({ id, version }: { readonly id: string; readonly version: number }): string {
  return formatReference(id, { kind: "version", version });
}

/** Reads a time of the grammar of references. */
export function readTime(text: string): number {
  const { point } = parseReference(`@${text}`);
  if (point?.kind === "time") return point.time;
  throw usageError(`${JSON.stringify(text)} is no time.`, "Write it as 2026-11-23, or 2026-11-23T10:00:00Z.");
}
