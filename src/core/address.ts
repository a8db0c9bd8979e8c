import { ContextError } from "./errors.js";

/**
 * One grammar for naming a state, in the library and on the command line:
 *
 * ```text
 * reference = [ context ] [ point ]
 * context   = any text without "@" and "#"  |  a JSON string, such as "run@7"
 * point     = "@" version                 the state from the event that made the version to the next one
 *           | "#" sequence                the state after that event
 *           | "@latest"
 *           | "@~" count                  so many versions back
 *           | "@snapshot:" id-or-reason   all that follows, to the end
 *           | "@" ISO-time                the state at that instant, such as @2026-11-23T10:00:00Z
 * version, sequence, count = decimal digits
 * ```
 *
 * A time needs a date and a time of day with its zone (or `Z`); a bare date means midnight UTC.
 */
export type Point =
  | { readonly kind: "version"; readonly version: number }
  | { readonly kind: "sequence"; readonly sequence: number }
  | { readonly kind: "latest" }
  | { readonly kind: "back"; readonly versions: number }
  | { readonly kind: "snapshot"; readonly snapshot: string }
  | { readonly kind: "time"; readonly time: number };

/** A context, if one is named, and a point in its history, if one is given. */
export interface Reference {
  readonly context: string | undefined;
  readonly point: Point | undefined;
}

/**
 * Reads a reference such as `run-42@17`, `"run@7"#3` or `@latest`.
 * @throws {ContextError} ADDRESS_INVALID
 */
export function parseReference(text: string): Reference {
  if (typeof text !== "string")
    throw new ContextError("ADDRESS_INVALID", { address: `(${typeof text})`, why: "it is not text" });
  const { context, rest } = text.startsWith('"') ? splitQuoted(text) : splitBare(text);
  return { context, point: rest === "" ? undefined : parsePoint(rest, text) };
}

/**
 * Reads a point such as `@17`, `#3`, `@~2`, `@snapshot:before research` or `@2026-11-23T10:00:00Z`.
 * @throws {ContextError} ADDRESS_INVALID
 */
export function parsePoint(point: string, whole: string = point): Point {
  if (point.startsWith("#")) return { kind: "sequence", sequence: parseCount(point.slice(1), whole) };
  if (!point.startsWith("@")) throw fault(whole, 'a point begins with "@" or "#"');
  const body = point.slice(1);
  if (body === "latest") return { kind: "latest" };
  if (body.startsWith("~")) return { kind: "back", versions: parseCount(body.slice(1), whole) };
  if (body.startsWith("snapshot:")) return parseSnapshot(body.slice("snapshot:".length), whole);
  if (/^\d+$/.test(body)) return { kind: "version", version: parseCount(body, whole) };
  return { kind: "time", time: parseTime(body, whole) };
}

/** Writes a point so that {@link parsePoint} reads the same one. */
export function formatPoint(point: Point): string {
  switch (point.kind) {
    case "version":
      return `@${point.version}`;
    case "sequence":
      return `#${point.sequence}`;
    case "latest":
      return "@latest";
    case "back":
      return `@~${point.versions}`;
    case "snapshot":
      return `@snapshot:${point.snapshot}`;
    case "time":
      return `@${new Date(point.time).toISOString()}`;
  }
}

/** Writes a reference so that {@link parseReference} reads the same one; ids are quoted where they must be. */
export function formatReference(context: string, point?: Point): string {
  const id = /^[^"@#][^@#]*$/.test(context) ? context : JSON.stringify(context);
  return point === undefined ? id : id + formatPoint(point);
}

function splitBare(text: string): { context: string | undefined; rest: string } {
  const end = text.search(/[@#]/);
  if (end === 0) return { context: undefined, rest: text };
  if (end < 0) return { context: text === "" ? undefined : text, rest: "" };
  return { context: text.slice(0, end), rest: text.slice(end) };
}

function splitQuoted(text: string): { context: string; rest: string } {
  const quoted = /^"(?:[^"\\]|\\.)*"/su.exec(text)?.[0];
  if (quoted === undefined) throw fault(text, "the quoted id has no end");
  try {
    // A JSON text in quotes can only be a string.
    return { context: JSON.parse(quoted) as string, rest: text.slice(quoted.length) };
  } catch {
    throw fault(text, "the quoted id is not a JSON string");
  }
}

function parseCount(digits: string, whole: string): number {
  if (!/^\d+$/.test(digits)) throw fault(whole, "a number was expected");
  const count = Number(digits);
  if (!Number.isSafeInteger(count)) throw fault(whole, "the number is too large");
  return count;
}

function parseSnapshot(snapshot: string, whole: string): Point {
  if (snapshot === "") throw fault(whole, "a snapshot's id or reason was expected");
  return { kind: "snapshot", snapshot };
}

/**
 * Date.parse takes years as short as two digits, local times and days such as the 30th of February; only what
 * names one instant, and a day that there is, is let through.
 */
const isoTime =
  /^(?<date>(?:\d{4}|[+-]\d{6})-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

function parseTime(text: string, whole: string): number {
  const date = isoTime.exec(text)?.groups?.date;
  const time = date === undefined || !isDay(date) ? Number.NaN : Date.parse(text);
  if (Number.isNaN(time))
    throw fault(whole, "it is neither a version, nor a known word, nor an ISO time with its zone");
  return time;
}

/** Whether the calendar has a day; Date.parse takes one that it has not for one of the next month. */
function isDay(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(`${date}T`);
}

function fault(address: string, why: string): ContextError {
  return new ContextError("ADDRESS_INVALID", { address, why });
}
