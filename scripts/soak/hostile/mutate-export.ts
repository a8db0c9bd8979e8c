import { gzipSync } from "node:zlib";
import { type ForgedContext, type ForgedEvent, forge } from "../../../test/support/forged-export.js";
import { isJson } from "../../../src/core/is-json.js";
import type { Random } from "../random.js";
import type { GoodExports } from "./good-exports.js";

/** An export that somebody changed, and what they did. */
export interface Mutant {
  readonly what: string;
  readonly bytes: Buffer;
}

/** Cuts one of the exports off anywhere. */
export function truncate({ alone, family }: GoodExports, random: Random): Mutant {
  const bytes = Buffer.from(random.chance(0.5) ? alone : family);
  const length = random.below(bytes.length);
  return { what: `an export of ${bytes.length} bytes cut to ${length}`, bytes: bytes.subarray(0, length) };
}

/** Changes one of the exports in one of many ways. */
export function mutate({ alone, family }: GoodExports, random: Random): Mutant {
  const way = random.pick(Object.keys(ways));
  const text = random.chance(0.5) || way === "hashes made to fit" ? alone : family;
  const changed = ways[way]?.(text, random) ?? text;
  return { what: way, bytes: Buffer.from(changed) };
}

const ways: Readonly<Record<string, (text: string, random: Random) => string | Buffer>> = {
  "bytes changed": changeBytes,
  "bytes of the middle compressed": (text) => gzipSync(text),
  "lines moved, removed, repeated": moveLines,
  "a token replaced": replaceToken,
  "two tokens replaced": (text, random) => replaceToken(replaceToken(text, random), random),
  "a member repeated": repeatMember,
  "a letter written as an escape": escapeLetter,
  "space put between": (text, random) =>
    insert(text, random, random.pick([" ", "\t", "\r\n", "\n", "\0", "\u2028"])),
  "hashes made to fit": forgeEvents,
};

/** What is put in the place of a token. */
const tokens = [
  ...[
    "1e999",
    "-1",
    "9007199254740993",
    "0.5",
    "-0",
    "NaN",
    "null",
    "true",
    "[]",
    "{}",
    '""',
    "1e3",
    "0x10",
    "01",
  ],
  ...['"\\ud800"', '"\\u0000"', '{"__proto__":1}', '{"$type":"date","value":"x"}', "9".repeat(10_000)],
  ...[
    '{"$type":"class","name":"Odd","value":1}',
    '{"$type":"regexp","source":"(","flags":"zz"}',
    '"run"',
    '"kept"',
  ],
  "[".repeat(20_000) + "]".repeat(20_000),
  '{"a":'.repeat(20_000) + "1" + "}".repeat(20_000),
  `"${"x".repeat(100_000)}"`,
];

function changeBytes(text: string, random: Random): Buffer {
  const bytes = Buffer.from(text);
  for (let left = 1 + random.below(4); left > 0; left -= 1)
    bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
}

function moveLines(text: string, random: Random): string {
  const lines = text.trimEnd().split("\n");
  const [from, to] = [random.below(lines.length), random.below(lines.length)];
  const taken = lines.splice(from, 1);
  lines.splice(to, 0, ...random.pick([taken, [], [...taken, ...taken]]));
  return `${lines.join("\n")}\n`;
}

function replaceToken(text: string, random: Random): string {
  const found = random.pick([...text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+|true|null/g)]);
  return text.slice(0, found.index) + random.pick(tokens) + text.slice(found.index + found[0].length);
}

function repeatMember(text: string, random: Random): string {
  const found = random.pick([...text.matchAll(/"([a-zA-Z$]+)":("[^"\\]*"|-?\d+|true|null)/g)]);
  const again = random.chance(0.5) ? found[0] : `"${found[1] ?? ""}":${random.pick(tokens)}`;
  return `${text.slice(0, found.index)}${again},${text.slice(found.index)}`;
}

/** The same text for whoever reads it as JSON. */
function escapeLetter(text: string, random: Random): string {
  const found = random.pick([...text.matchAll(/(?<=")[a-z](?=[a-z]*")/g)]);
  const code = found[0].charCodeAt(0).toString(16).padStart(4, "0");
  return `${text.slice(0, found.index)}\\u${code}${text.slice(found.index + 1)}`;
}

function insert(text: string, random: Random, piece: string): string {
  const place = random.below(text.length);
  return text.slice(0, place) + piece + text.slice(place);
}

/** Changes events and makes count, hashes and head fit again. What cannot be hashed is left as it is. */
function forgeEvents(text: string, random: Random): string {
  try {
    return forge(text, (events, context) => spoil(events, context, random));
  } catch {
    return replaceToken(text, random);
  }
}

function spoil(events: ForgedEvent[], context: ForgedContext, random: Random): void {
  const place = random.below(events.length);
  const event = events[place];
  if (event === undefined) return;
  const way = random.below(6);
  if (way === 0) events.splice(place, 1);
  else if (way === 1) events.splice(place, 0, structuredClone(event));
  else if (way === 2) context.createdAt = odd(random) as number;
  else if (way === 3) Reflect.set(event, random.pick(Object.keys(event)), odd(random));
  else if (way === 4) spoilMember(event.payload, random);
  else spoilMember(random.pick([event.payload.details, ...event.payload.effects]), random);
}

/** Puts something odd somewhere into a tree. */
function spoilMember(tree: object, random: Random): void {
  const name = random.pick([...Object.keys(tree), "more"]);
  const inner: unknown = Reflect.get(tree, name);
  if (typeof inner === "object" && inner !== null && random.chance(0.6)) spoilMember(inner, random);
  else if (random.chance(0.2)) Reflect.deleteProperty(tree, name);
  else Reflect.set(tree, name, odd(random));
}

function odd(random: Random): unknown {
  const parsable = tokens.filter((token) => token.length < 20_000 && isJson(token));
  return JSON.parse(random.pick(parsable));
}
