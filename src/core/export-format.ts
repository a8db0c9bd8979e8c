import { z } from "zod";
import { ContextError } from "./errors.js";
import { type EventRecord, eventTypes } from "./event.js";
import { payloadFormat } from "./payload.js";
import { payloadSchema } from "./payload-schema.js";

/**
 * The one file format that contexts travel in: JSON Lines. A first line names the format, then every
 * context begins with a line of its own and is followed by its events, oldest first; a last line tells how
 * much there was, so that a file cut short is noticed. Events keep their hashes.
 *
 * Since format 2, a context whose parent comes before it in the file may name it: its own events follow, and
 * those it shares with the parent do not come again. Since format 3, one whose history was pruned names its
 * floor: up to that, only the events of its baseline follow, with nothing but what stands by them.
 */
const exportFormat = 3;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();

/** Half a surrogate pair would come back from a database as another character. */
const text = z.string().regex(/^[^\uD800-\uDFFF]*$/u, "it contains half a surrogate pair");

/** Not a record, which would drop a tag of the name `__proto__`. */
const tags = z.custom<Readonly<Record<string, string>>>(
  (tree) => isDictionary(tree) && Object.values(tree).every((tag) => typeof tag === "string"),
  "they are not texts under names",
);
const beginning = z.looseObject({ "durable-context": z.literal("export"), format: z.int().positive() });
const contextLine = z.strictObject({
  context: z.string(),
  createdAt: z.int(),
  events: count,
  head: hash,
  fork: z.strictObject({ parent: z.string(), sequence: z.int().positive() }).optional(),
  floor: z.int().positive().optional(),
});
const eventLine = z.strictObject({
  sequence: z.int().positive(),
  version: count,
  type: z.enum(eventTypes),
  recordedAt: z.int(),
  actor: text.nullable(),
  cause: text.nullable(),
  phase: text.nullable(),
  batch: text.nullable(),
  tags: tags.nullable(),
  idempotencyKey: text.nullable(),
  hash,
  payload: payloadSchema,
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
  refuseNewer(source, found.data.format, exportFormat);
}

/**
 * Reads any line after the first.
 * @throws {ContextError} EXPORT_INVALID, EXPORT_NEWER
 */
export function readLine(text: string, source: string, line: number): ExportLine {
  const tree = parseLine(text, source, line);
  if (isDictionary(tree) && "sequence" in tree)
    return { kind: "event", record: readEvent(tree, source, line) };
  if (isDictionary(tree) && "end" in tree) return { kind: "end", end: check(ending, tree, source, line) };
  return { kind: "context", context: check(contextLine, tree, source, line) };
}

/** The payload is taken from the tree as it was parsed, since a schema's output may order keys anew. */
function readEvent(tree: Dictionary, source: string, line: number): EventRecord {
  if (isDictionary(tree.payload)) refuseNewer(source, tree.payload.format, payloadFormat);
  const event = check(eventLine, tree, source, line);
  try {
    return { ...event, payload: JSON.stringify(tree.payload) };
  } catch (cause) {
    // What was parsed can be written again unless it is nested deeper than the stack.
    throw new ContextError("EXPORT_INVALID", { source, line, why: "it is nested too deeply" }, { cause });
  }
}

function refuseNewer(source: string, found: unknown, known: number): void {
  if (typeof found === "number" && found > known)
    throw new ContextError("EXPORT_NEWER", { source, found, known });
}

type Dictionary = Readonly<Record<string, unknown>>;

function isDictionary(tree: unknown): tree is Dictionary {
  return typeof tree === "object" && tree !== null && !Array.isArray(tree);
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
