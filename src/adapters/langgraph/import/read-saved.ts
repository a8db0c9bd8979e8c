import {
  type Checkpoint,
  type CheckpointMetadata,
  JsonPlusSerializer,
} from "@langchain/langgraph-checkpoint";
import type { SavedPlace, SavedValue, SaverFile } from "./saver-file.js";

/** A checkpoint of the file, with what belongs to it. */
export interface ReadCheckpoint {
  readonly parent: string | undefined;
  readonly checkpoint: Checkpoint;
  readonly metadata: CheckpointMetadata;
}

/** A write, with the task that wrote it and the number that it has there. */
export interface ReadWrite {
  readonly task: string;
  readonly path: string;
  readonly index: number;
  readonly channel: string;
  readonly value: unknown;
}

/** That something of the file cannot be read, and why. */
export class Unreadable {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

const serde = new JsonPlusSerializer();

/** Reads a checkpoint; undefined where the file has only writes to it. */
export async function readCheckpointOf(
  file: SaverFile,
  place: SavedPlace,
  id: string,
): Promise<ReadCheckpoint | Unreadable | undefined> {
  const saved = file.checkpoint(place, id);
  if (saved === undefined) return undefined;
  const [checkpoint, metadata] = [await decode(saved.checkpoint), await decode(saved.metadata)];
  if (checkpoint instanceof Unreadable) return checkpoint;
  if (metadata instanceof Unreadable) return metadata;
  const fault = faultOf(checkpoint, id);
  if (fault !== undefined) return new Unreadable(fault);
  // It has all that makes one, but the oldest releases left out what was empty.
  const { channel_values, ...head } = checkpoint as Omit<Checkpoint, "channel_values"> & Partial<Checkpoint>;
  return {
    parent: saved.parent,
    checkpoint: { ...head, channel_values: channel_values ?? {} },
    // The saver gives back whatever it finds.
    metadata: (metadata ?? {}) as CheckpointMetadata,
  };
}

/** Reads the writes to a checkpoint. */
export async function readWritesOf(
  file: SaverFile,
  place: SavedPlace,
  id: string,
): Promise<readonly ReadWrite[] | Unreadable> {
  const writes: ReadWrite[] = [];
  for (const { value: saved, ...write } of file.writes(place, id)) {
    const value = await decode(saved);
    if (value instanceof Unreadable) return value;
    writes.push({ ...write, value });
  }
  return writes;
}

async function decode({ type, bytes }: SavedValue): Promise<unknown> {
  if (type === "bytes")
    return typeof bytes === "string" ? new TextEncoder().encode(bytes) : new Uint8Array(bytes);
  if (type !== "json")
    return new Unreadable(`it is of type "${type}", as the Python library or another serializer writes it`);
  try {
    return (await serde.loadsTyped(type, bytes)) as unknown;
  } catch (error) {
    return new Unreadable(
      error instanceof SyntaxError ? "it is no JSON" : `LangGraph cannot read it: ${String(error)}`,
    );
  }
}

/** Says what a value lacks to be a checkpoint. */
function faultOf(value: unknown, id: string): string | undefined {
  if (typeof value === "string")
    return "a text stands in its place, which the saver writes where it cannot serialize a value";
  if (!isRecord(value)) return "it is no object";
  if (value.id !== id) return "it has the id of another one";
  if (typeof value.v !== "number" || typeof value.ts !== "string") return "it has no version or no time";
  const parts = [value.channel_versions, value.versions_seen, value.channel_values ?? {}];
  return parts.every(isRecord) ? undefined : "its channels are no objects";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
