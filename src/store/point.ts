import { parsePoint, type Point } from "../core/address.js";
import { ContextError } from "../core/errors.js";
import type { Snapshot } from "../core/snapshot.js";

/**
 * Names a state: a version number, a time, text of the address grammar (`@17`, `#17`, `@latest`, `@~3`,
 * `@snapshot:<id or reason>`, `@<ISO time>`), a snapshot, or an object that says which of these is meant.
 */
export type Address =
  | number
  | Date
  | string
  | Snapshot
  | { readonly version: number }
  | { readonly sequence: number }
  | { readonly snapshot: string | Snapshot }
  | { readonly time: Date | number };

/**
 * Reads an address.
 * @throws {ContextError} ADDRESS_INVALID
 */
export function pointOf(address: Address): Point {
  if (typeof address === "number") return { kind: "version", version: whole(address) };
  if (typeof address === "string") return parsePoint(address);
  if (address instanceof Date) return { kind: "time", time: instant(address) };
  if (!isObject(address)) throw unreadable(address);
  if ("id" in address) return { kind: "snapshot", snapshot: named(address.id) };
  if ("snapshot" in address) return { kind: "snapshot", snapshot: snapshotName(address.snapshot) };
  if ("version" in address) return { kind: "version", version: whole(address.version) };
  if ("sequence" in address) return { kind: "sequence", sequence: whole(address.sequence) };
  if ("time" in address) return { kind: "time", time: instant(address.time) };
  throw unreadable(address);
}

/**
 * The id or reason by which a snapshot is named.
 * @throws {ContextError} ADDRESS_INVALID
 */
export function snapshotName(snapshot: Snapshot | string): string {
  // A caller without types may pass anything.
  const given: unknown = snapshot;
  return named(isObject(given) && "id" in given ? given.id : given);
}

/** Whether a caller without types has passed an object at all. */
function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** The id or reason of a snapshot; a caller without types may have passed anything. */
function named(snapshot: unknown): string {
  if (typeof snapshot === "string") return snapshot;
  throw new ContextError("ADDRESS_INVALID", { address: show(snapshot), why: "it names no snapshot" });
}

function whole(count: number): number {
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new ContextError("ADDRESS_INVALID", { address: show(count), why: "it is not a whole number" });
}

function instant(time: Date | number): number {
  // Beyond what a Date can hold, an address could not be written down.
  const milliseconds =
    time instanceof Date || typeof time === "number" ? new Date(time).getTime() : Number.NaN;
  if (Number.isNaN(milliseconds))
    throw new ContextError("ADDRESS_INVALID", { address: "time", why: "it is no time" });
  return milliseconds;
}

function unreadable(address: unknown): ContextError {
  return new ContextError("ADDRESS_INVALID", { address: show(address), why: "it names no state" });
}

/** What was passed, for an error; an object need not have a text of its own. */
function show(given: unknown): string {
  return typeof given === "object" && given !== null ? "(object)" : String(given);
}
