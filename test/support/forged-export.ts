import { hash } from "node:crypto";
import { chainHash } from "../../src/core/chain.js";
import type { EventHeader, Json } from "../../src/core/event.js";
import { digestsOf, type StoredPayload } from "../../src/core/payload.js";
import { chainStart } from "../../src/core/state.js";

/** An event of an export, free to be changed. */
export type ForgedEvent = { -readonly [Name in keyof EventHeader]: EventHeader[Name] } & {
  hash: string;
  payload: { format: number; effects: Record<string, unknown>[]; details: Record<string, Json> };
};
export interface ForgedContext {
  context: string;
  createdAt: number;
  events: number;
  head: string;
}

/** Changes an export of one context and makes it fit again: counts, hashes, head. Whoever has the file can. */
export function forge(text: string, change: (events: ForgedEvent[], context: ForgedContext) => void): string {
  const lines = text.trimEnd().split("\n");
  // What `save` wrote.
  const context = JSON.parse(lines[1]!) as ForgedContext;
  const events = lines.slice(2, -1).map((line) => JSON.parse(line) as ForgedEvent);
  change(events, context);
  context.events = events.length;
  context.head = rehash(events);
  const end = { end: true, contexts: 1, events: events.length };
  const forged = [context, ...events, end].map((tree) => JSON.stringify(tree));
  return [lines[0], ...forged, ""].join("\n");
}

function rehash(events: readonly ForgedEvent[]): string {
  const digest = (text: string) => hash("sha256", text, "hex");
  let previousHash = chainStart;
  for (const event of events) {
    // A forged payload need not be one.
    const payload = event.payload as unknown as StoredPayload;
    const { format, effects, details } = payload;
    const digests = digestsOf(payload, digest);
    event.hash = chainHash({ previousHash, format, header: event, effects, digests, details }, digest);
    previousHash = event.hash;
  }
  return previousHash;
}
