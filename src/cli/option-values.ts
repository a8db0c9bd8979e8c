import { InvalidArgumentError } from "commander";
import { parseReference } from "../index.js";
import { readTime } from "./references.js";

/** Reads a whole number from an option. */
export function wholeNumber(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError("It is not a whole number.");
}

/** Reads where a watch begins: a position, or "start". */
export function startOfWatch(text: string): number | "start" {
  if (text === "start") return text;
  try {
    return wholeNumber(text);
  } catch {
    throw new InvalidArgumentError('It is neither a position nor "start".');
  }
}

/** Collects whole numbers of an option that may be repeated. */
export function wholeNumbers(text: string, collected: readonly number[] = []): readonly number[] {
  return [...collected, wholeNumber(text)];
}

/** Reads a time from an option, in ms since the epoch. */
export function time(text: string): number {
  try {
    return readTime(text);
  } catch {
    throw new InvalidArgumentError("It is no time such as 2026-11-23 or 2026-11-23T10:00:00Z.");
  }
}

/** Reads a point in a history from an option; its `@` may be left out. */
export function point(text: string): string {
  const whole = /^[@#]/.test(text) ? text : `@${text}`;
  try {
    parseReference(whole);
    return whole;
  } catch {
    throw new InvalidArgumentError("It is no point such as @17, #23, @~3, @snapshot:before or 2026-11-23.");
  }
}

/** Collects `name=json` pairs of an option that may be repeated. */
export function namedJson(
  text: string,
  collected: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const split = text.indexOf("=");
  if (split < 1) throw new InvalidArgumentError("It is not of the form name=json.");
  try {
    const value: unknown = JSON.parse(text.slice(split + 1));
    return Object.fromEntries([...Object.entries(collected), [text.slice(0, split), value]]);
  } catch {
    throw new InvalidArgumentError(`What follows "=" is not JSON; text needs quotes: team='"red"'.`);
  }
}
