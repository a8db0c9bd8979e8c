import { completed, type Marked } from "../marked.js";
import { Complete, type PythonValue } from "../python-value.js";

/** A date of Python's: year, month and day in four bytes. */
export function makeDate([bytes, ...others]: readonly PythonValue[]): Complete | undefined {
  if (!isBytes(bytes, 4) || others.length > 0) return undefined;
  const date = dateText(bytes, bytes[2] ?? 0);
  return date === undefined ? undefined : completed("date", { iso: date });
}

/** A time of day: hour, minute, second and microseconds in six bytes, and perhaps a zone. */
export function makeTime([bytes, zone, ...others]: readonly PythonValue[]): Complete | undefined {
  if (!isBytes(bytes, 6) || others.length > 0) return undefined;
  const { value: hour, fold } = withoutFold(bytes[0] ?? 0);
  const time = timeText(bytes, hour);
  const offset = offsetOf(zone);
  if (time === undefined || offset === undefined) return undefined;
  return completed("time", { iso: time + offset.text, ...fold, ...offset.name });
}

/**
 * A date and a time of day. It becomes a Date where that says the same: with the offset of UTC, whole milliseconds,
 * and nothing else to tell.
 */
export function makeDateTime([bytes, zone, ...others]: readonly PythonValue[]): Complete | undefined {
  if (!isBytes(bytes, 10) || others.length > 0) return undefined;
  const { value: month, fold } = withoutFold(bytes[2] ?? 0);
  const date = dateText(bytes, month);
  const time = timeText(bytes.subarray(4), bytes[4] ?? 0);
  const offset = offsetOf(zone);
  if (date === undefined || time === undefined || offset === undefined) return undefined;
  const iso = `${date}T${time}${offset.text}`;
  const isInstant = offset.text === "+00:00" && offset.name === undefined && fold === undefined;
  if (isInstant && microseconds(bytes.subarray(7)) % 1000 === 0)
    return new Complete("datetime", new Date(iso), iso);
  return completed("datetime", { iso, ...fold, ...offset.name });
}

/** A length of time, with parts that only the days make negative. */
export function makeTimeDelta(parts: readonly PythonValue[]): Complete | undefined {
  const [days = 0, seconds = 0, rest = 0, ...others] = parts;
  if (others.length > 0 || !isWithin(days, -999_999_999, 999_999_999)) return undefined;
  if (!isWithin(seconds, 0, 86_399) || !isWithin(rest, 0, 999_999)) return undefined;
  return completed("timedelta", { days, seconds, microseconds: rest });
}

/** A fixed offset from UTC of less than a day, perhaps with a name. */
export function makeTimeZone([delta, name, ...others]: readonly PythonValue[]): Complete | undefined {
  if (!(delta instanceof Complete) || delta.kind !== "timedelta" || others.length > 0) return undefined;
  if (name !== undefined && typeof name !== "string") return undefined;
  // Made by makeTimeDelta.
  const { days, seconds, microseconds: rest } = delta.value as Record<string, number>;
  const total = ((days ?? 0) * 86_400 + (seconds ?? 0)) * 1_000_000 + (rest ?? 0);
  if (Math.abs(total) >= dayMicroseconds) return undefined;
  return completed("timezone", { offsetSeconds: total / 1_000_000, ...(name !== undefined && { name }) });
}

const dayMicroseconds = 86_400_000_000;

interface Offset {
  /** As it stands at the end of a time in ISO 8601; empty without a zone. */
  readonly text: string;
  readonly name?: { readonly zone: string };
}

function offsetOf(zone: PythonValue | undefined): Offset | undefined {
  if (zone === undefined) return { text: "" };
  if (!(zone instanceof Complete) || zone.kind !== "timezone") return undefined;
  // Made by makeTimeZone.
  const { offsetSeconds, name } = zone.value as Marked & { offsetSeconds: number; name?: string };
  return {
    text: offsetText(Math.round(offsetSeconds * 1_000_000)),
    ...(name !== undefined && { name: { zone: name } }),
  };
}

function offsetText(offset: number): string {
  const size = Math.abs(offset);
  const seconds = Math.floor(size / 1_000_000);
  const [hour, minute, second] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const rest = size % 1_000_000;
  const tail =
    second === 0 && rest === 0 ? "" : `:${padded(second, 2)}${rest === 0 ? "" : `.${padded(rest, 6)}`}`;
  return `${offset < 0 ? "-" : "+"}${padded(hour, 2)}:${padded(minute, 2)}${tail}`;
}

/** The second of two equal times on the day that the clocks are put back has its highest bit set. */
function withoutFold(byte: number): { readonly value: number; readonly fold?: { readonly fold: 1 } } {
  return byte < 128 ? { value: byte } : { value: byte - 128, fold: { fold: 1 } };
}

function dateText(bytes: Uint8Array, month: number): string | undefined {
  const year = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  const day = bytes[3] ?? 0;
  if (!isWithin(year, 1, 9999) || !isWithin(month, 1, 12) || !isWithin(day, 1, daysOf(year, month)))
    return undefined;
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** From bytes that begin with the hour, which may say something else besides. */
function timeText(bytes: Uint8Array, hour: number): string | undefined {
  const [minute, second] = [bytes[1] ?? 0, bytes[2] ?? 0];
  const rest = microseconds(bytes.subarray(3));
  if (hour > 23 || minute > 59 || second > 59 || rest > 999_999) return undefined;
  const fraction = rest === 0 ? "" : `.${padded(rest, 6)}`;
  return `${padded(hour, 2)}:${padded(minute, 2)}:${padded(second, 2)}${fraction}`;
}

function microseconds([high = 0, middle = 0, low = 0]: Uint8Array): number {
  return high * 65_536 + middle * 256 + low;
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

function isBytes(value: PythonValue | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}

function isWithin(value: PythonValue, least: number, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}
