import { type Context, isContextError, parseReference, type Point, type View } from "../index.js";
import { usageError } from "./cli-error.js";

/**
 * Reads a point as it stands behind a context's name, or without its sign: `17`, `@17`, `#23`, `~3`, `latest`,
 * `snapshot:before`, `2026-11-23T10:00Z`.
 * @throws {ContextError} ADDRESS_INVALID
 */
export function readPoint(text: string): Point {
  const { point } = parseReference(/^[@#]/.test(text) ? text : `@${text}`);
  if (point === undefined) throw usageError("No point was named.");
  return point;
}

/**
 * The first event that belongs to a point: the one that made a version, or the first one not before a time.
 * @throws {ContextError} ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
 */
export function firstEventAt(context: Context, point: Point): number {
  switch (point.kind) {
    case "version":
    case "back":
      return viewAt(context, point).event.sequence;
    case "time":
      return sequenceBefore(context, point.time) + 1;
    case "sequence":
    case "snapshot":
    case "latest":
      return viewAt(context, point).sequence;
  }
}

/**
 * The last event that belongs to a point: its state is the point's.
 * @throws {ContextError} ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
 */
export function lastEventAt(context: Context, point: Point): number {
  return viewAt(context, point).sequence;
}

function viewAt(context: Context, point: Point): View {
  if (point.kind === "latest") return context.at("@latest");
  return context.at(point.kind === "back" ? `@~${point.versions}` : point);
}

function sequenceBefore(context: Context, time: number): number {
  try {
    return context.at({ time: time - 1 }).sequence;
  } catch (error) {
    if (isContextError(error, "ADDRESS_NOT_FOUND")) return 0;
    throw error;
  }
}
