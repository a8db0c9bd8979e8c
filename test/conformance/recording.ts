/**
 * The recorded life of the original: reading recordings, playing them on a store, and comparing what came of
 * it. The format is told in test/fixtures/conformance/README.md.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Any object; zod hands it on as it is, own keys such as `__proto__` included. */
const record = z.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "an object was expected",
);
const place = {
  step: z.int().nonnegative(),
  path: z.array(z.union([z.string(), z.int()])).min(1),
  value: z.unknown(),
};

const operation = z.discriminatedUnion("op", [
  z.strictObject({
    op: z.literal("set"),
    key: z.string(),
    value: z.unknown(),
    protected: z.boolean(),
    deep_copy: z.boolean(),
  }),
  z.strictObject({
    op: z.literal("set_ephemeral"),
    key: z.string(),
    value: z.unknown(),
    deep_copy: z.boolean(),
  }),
  z.strictObject({ op: z.literal("update"), data: record, deep_copy: z.boolean() }),
  z.strictObject({ op: z.literal("delete"), key: z.string() }),
  z.strictObject({ op: z.literal("clear_ephemeral") }),
  z.strictObject({ op: z.literal("create_snapshot"), reason: z.string(), metadata: record.nullable() }),
  z.strictObject({
    op: z.literal("restore_snapshot"),
    version: z.int().nullable(),
    snapshot: z.string().nullable(),
  }),
  z.strictObject({ op: z.literal("get_phase_context") }),
  z.strictObject({
    op: z.literal("merge_phase_results"),
    results: record,
    strategy: z.string(),
    prefix: z.string().nullable(),
  }),
  z.strictObject({ op: z.literal("get"), key: z.string(), default: z.unknown().optional() }),
  z.strictObject({ op: z.literal("contains"), key: z.string() }),
  z.strictObject({ op: z.literal("list_snapshots") }),
  z.strictObject({ op: z.literal("list_changes") }),
  z.strictObject({ op: z.literal("mutate_arg"), ...place }),
  z.strictObject({ op: z.literal("mutate_return"), ...place }),
  z.strictObject({ op: z.literal("reload"), format: z.string() }),
]);

const state = z.strictObject({
  persistent: record,
  ephemeral: record,
  protected: z.array(z.string()),
  version: z.int(),
  snapshots: z.int(),
  changes: z.int(),
});
const logged = z.strictObject({ operation: z.string(), version: z.int(), details: record }).nullable();
const out = z.discriminatedUnion("ok", [
  z.strictObject({ ok: z.literal(true), return: z.unknown() }),
  z.strictObject({ ok: z.literal(false), error: z.string(), python_type: z.string().optional() }),
]);

const step = z.strictObject({
  i: z.int().positive(),
  op: operation,
  out,
  snapshot: z.string().optional(),
  state,
  logged,
  bumped: z.int(),
  tags: z.array(z.string()).optional(),
  loose: z.array(z.string()).optional(),
});

const recording = z.strictObject({
  id: z.string(),
  seed: z.int(),
  profile: z.string(),
  about: z.string().optional(),
  init: z.strictObject({ session_id: z.string(), initial_data: record.nullable(), state, logged }),
  steps: z.array(step),
});

export type Recording = z.infer<typeof recording>;
export type Step = Recording["steps"][number];
export type Operation = z.infer<typeof operation>;
export type RecordedState = z.infer<typeof state>;
export type Logged = z.infer<typeof logged>;

/** One file of recordings. */
export interface RecordingFile {
  readonly name: string;
  readonly recordings: readonly Recording[];
}

/** Reads every file of recordings in a folder; a folder or a line that is none says so. */
export function readRecordings(folder: string): RecordingFile[] {
  const names = listFolder(folder).filter((name) => name.endsWith(".jsonl"));
  if (names.length === 0)
    throw new Error(`Folder "${folder}" has no recordings: no file in it ends in .jsonl.`);
  return names.sort().map((name) => {
    const file = join(folder, name);
    return { name, recordings: parseRecordings(readFileSync(file, "utf8"), file) };
  });
}

/** Reads the recordings of one file, one a line; `file` is named in errors. */
export function parseRecordings(text: string, file: string): Recording[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    return [parseRecording(line, `${file}, line ${index + 1}`)];
  });
}

function parseRecording(line: string, where: string): Recording {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (cause) {
    throw new Error(`${where} is not a recording: it is not JSON.`, { cause });
  }
  const result = recording.safeParse(parsed);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map(String).join(".");
  throw new Error(`${where} is not a recording: ${path}: ${issue?.message ?? "it has another form"}.`);
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new Error(`Folder "${folder}" cannot be read. Name one that holds recordings (*.jsonl).`, {
      cause,
    });
  }
}
