import type { EventType } from "../../../core/event.js";
import type { FoundContext, FoundEvent, ListedEvent } from "../../engine.js";
import { expandPayload } from "../compressed-payload.js";
import type { Column } from "./record.js";

/** Reads a row of the table of events, which is known by its form whatever table it is found in. */
export function readEventRow(
  position: number,
  columns: readonly Column[],
  isCommitted: boolean,
): FoundEvent | undefined {
  const [own, context, sequence, version, type, payload] = columns;
  const [actor, cause, phase, batch, tagText, idempotencyKey] = columns.slice(6, 12);
  const [recordedAt, hash] = columns.slice(12, 14);
  if (own !== null || !isCount(context) || !isCount(sequence) || !isCount(version)) return undefined;
  if (typeof type !== "string" || typeof payload !== "string" || !isWhole(recordedAt)) return undefined;
  if (!(hash instanceof Buffer) || hash.length !== hashBytes) return undefined;
  const texts = [actor, cause, phase, batch, tagText, idempotencyKey];
  if (!texts.every(isTextOrNull)) return undefined;
  const tags = readTags(tagText);
  if (tags === undefined) return undefined;
  return {
    context,
    position,
    isCommitted,
    record: {
      ...{ sequence, version, recordedAt, payload: expandPayload(payload), tags },
      // Whether it is one, the hash of the event says.
      type: type as EventType,
      // All of them have been looked at above.
      ...({ actor, cause, phase, batch, idempotencyKey } as Record<OriginText, string | null>),
      hash: hash.toString("hex"),
    },
  };
}

type OriginText = "actor" | "cause" | "phase" | "batch" | "idempotencyKey";

const hashBytes = 32;

/** Reads a row of the table of contexts, which is known by its form. */
export function readContextRow(
  context: number,
  [
    own,
    name,
    createdAt,
    parent = null,
    forkSequence = null,
    keptSequence = null,
    ...others
  ]: readonly Column[],
): FoundContext | undefined {
  if (own !== null || typeof name !== "string" || !isWhole(createdAt)) return undefined;
  const numbers = [parent, forkSequence, keptSequence];
  // Later releases may add columns, such as a checksum.
  if (!others.every((column) => column === null || isWhole(column))) return undefined;
  if (!numbers.every((number) => number === null || isCount(number))) return undefined;
  return { context, name, isKept: keptSequence !== null };
}

/** Reads an entry of the index of events by context and sequence. */
export function readIndexEntry(columns: readonly Column[]): ListedEvent | undefined {
  const [context, sequence, position] = columns;
  if (columns.length !== 3 || !isCount(context) || !isCount(sequence) || !isCount(position)) return undefined;
  return { context, sequence, position };
}

function isCount(column: Column | undefined): column is number {
  return isWhole(column) && column >= 0;
}

function isWhole(column: Column | undefined): column is number {
  return typeof column === "number" && Number.isSafeInteger(column);
}

function isTextOrNull(column: Column | undefined): column is string | null {
  return column === null || typeof column === "string";
}

/** Tags that cannot be read make an event unreadable: its hash covers them. */
function readTags(text: Column | undefined): Readonly<Record<string, string>> | null | undefined {
  if (typeof text !== "string") return null;
  try {
    const tags: unknown = JSON.parse(text);
    // Whether the tags are texts, the hash of the event says.
    return typeof tags === "object" ? (tags as Readonly<Record<string, string>>) : undefined;
  } catch {
    return undefined;
  }
}
