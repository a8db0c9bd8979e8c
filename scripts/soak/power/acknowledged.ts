import type { Acknowledgement } from "../assignment.js";
import type { Deed } from "./trace.js";

/** What a process says once it has opened the store. */
export const isOpen = "open";

/** Names an event by all that was acknowledged of it. */
export function eventName({ context, sequence, hash }: Acknowledgement): string {
  return `${context}#${sequence}:${hash}`;
}

/** What a process acknowledged by one deed: that the store is open, events, or copies by their names. */
export function acknowledgedBy(deed: Deed): readonly string[] {
  return deed.kind === "said" ? readSaid(deed.text) : [];
}

/** Reads lines that a process said, without the last one if it was cut off with its life. */
export function readSaid(text: string): readonly string[] {
  const lines = text.split("\n").slice(0, -1);
  // Lines with a brace are what `traced-work` tells of events.
  return lines.map((line) => (line.startsWith("{") ? eventName(JSON.parse(line) as Acknowledgement) : line));
}
