import { z } from "zod";
import { ContextError } from "./errors.js";
import { type EventRecord, eventTypes, scopes } from "./event.js";

/**
 * The one file format that contexts travel in: JSON Lines. A first line names the format, then every
 * context begins with a line of its own and is followed by its events, oldest first; a last line tells how
 * much there was, so that a file cut short is noticed. Events keep their hashes.
 */
const exportFormat = 1;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();

const effect = z.strictObject({
  op: z.enum(["set", "delete", "protect", "unprotect"]),
  scope: z.enum(scopes),
  key: z.string(),
  value: z.unknown().optional(),
  salt: z.string().optional(),
});
const beginning = z.strictObject({ "durable-context": z.literal("export"), format: count });
const contextLine = z.strictObject({ context: z.string(), createdAt: z.int(), events: count, head: hash });
const eventLine = z.strictObject({
  sequence: z.int().positive(),
  version: count,
  type: z.enum(eventTypes),
  recordedAt: z.int(),
  actor: z.string().nullable(),
  cause: z.string().nullable(),
  phase: z.string().nullable(),
  batch: z.string().nullable(),
  tags: z.record(z.string(), z.string()).nullable(),
  idempotencyKey: z.string().nullable(),
  hash,
  payload: z.looseObject({ format: count, effects: z.array(effect), details: z.looseObject({}) }),
});
const ending = z.strictObject({ end: z.literal(true), contexts: count, events: count });

export type ContextLine = z.infer<typeof contextLine>;
export type ExportEnd = Omit<z.infer<typeof ending>, "end">;
export type ExportLine =
  | { readonly kind: "context"; readonly context: ContextLine }
  | { readonly kind: "event"; readonly record: EventRecord }
  | { readonly kind: "end"; readonly end: ExportEnd };

/** The first line of a file. */
export function writeBeginning(): string {
  return JSON.stringify({ "durable-context": "export", format: exportFormat });
}

/** The line that a context begins with. */
export function writeContext(context: ContextLine): string {
  return JSON.stringify(context);
}

/** The line of one event; the payload goes in as the very text it is stored as. */
export function writeEvent({ payload, ...header }: EventRecord): string {
  return `${JSON.stringify(header).slice(0, -1)},"payload":${payload}}`;
}

/** The last line of a file. */
export function writeEnd(end: ExportEnd): string {
  return JSON.stringify({ end: true, ...end });
}

/**
 * Checks the first line of a file.
 * @throws {ContextError} EXPORT_INVALID, EXPORT_NEWER
 */
export function readBeginning(text: string, source: string): void {
  const found = beginning.safeParse(parseLine(text, source, 1));
  if (!found.success) throw invalid(source, 1, "it is not the first line of an export");
  const { format } = found.data;
  if (format > exportFormat)
    throw new ContextError("EXPORT_NEWER", { source, found: format, known: exportFormat });
}

/**
 * Reads any line after the first.
 * @throws {ContextError} EXPORT_INVALID
 */
export function readLine(text: string, source: string, line: number): ExportLine {
  const tree = parseLine(text, source, line);
  const isObject = typeof tree === "object" && tree !== null;
  if (isObject && "sequence" in tree)
    return { kind: "event", record: toRecord(check(eventLine, tree, source, line), tree) };
  if (isObject && "end" in tree) return { kind: "end", end: check(ending, tree, source, line) };
  return { kind: "context", context: check(contextLine, tree, source, line) };
}

/** The payload is taken from the tree as it was parsed, since a schema's output may order keys anew. */
function toRecord(event: z.infer<typeof eventLine>, tree: object): EventRecord {
  // The schema has found the payload in this very tree.
  const { payload } = tree as { payload: unknown };
  return { ...event, payload: JSON.stringify(payload) };
}

function check<T>(schema: z.ZodType<T>, tree: unknown, source: string, line: number): T {
  const found = schema.safeParse(tree);
  if (found.success) return found.data;
  const issue = found.error.issues[0];
  throw invalid(source, line, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "it does not fit"}`);
}

function parseLine(text: string, source: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ContextError("EXPORT_INVALID", { source, line, why: "it is not JSON" }, { cause });
  }
}

function invalid(source: string, line: number, why: string): ContextError {
  return new ContextError("EXPORT_INVALID", { source, line, why });
}
