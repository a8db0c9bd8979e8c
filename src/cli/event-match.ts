import type { ContextEvent } from "../index.js";

/** Which events are of interest: all that is given has to fit. */
export interface EventMatch {
  readonly key?: string;
  readonly type?: string;
  readonly actor?: string;
  /** Texts of which each is part of a key, the type or the actor. */
  readonly words?: readonly string[];
}

const names = ["key", "type", "actor"] as const;
const piece = /(?:(?<name>key|type|actor):)?(?<text>"(?:[^"\\]|\\.)*"|\S+)/gu;
/** Where a key is the caller's; what the store keeps of itself has names too. */
const keyScopes = ["persistent", "ephemeral", "protection"];

/**
 * Reads what was typed, such as `key:plan actor:ada` or `key:"odd key"`; whatever has no name may be part of
 * any of them. Undefined if nothing was typed.
 */
export function parseMatch(text: string): EventMatch | undefined {
  const pieces = [...text.matchAll(piece)].map(({ groups = {} }) => ({
    name: names.find((name) => name === groups.name),
    text: unquote(groups.text ?? ""),
  }));
  if (pieces.length === 0) return undefined;
  const named = pieces.flatMap(({ name, text }) => (name === undefined ? [] : [[name, text] as const]));
  const words = pieces.flatMap(({ name, text }) => (name === undefined ? [text] : []));
  return { ...Object.fromEntries(named), ...(words.length > 0 && { words }) };
}

/** Writes a match so that {@link parseMatch} reads the same one. */
export function formatMatch(match: EventMatch): string {
  const named = names.flatMap((name) => {
    const text = match[name];
    return text === undefined ? [] : [`${name}:${quote(text)}`];
  });
  return [...named, ...(match.words ?? []).map(quote)].join(" ");
}

/** Whether an event is one of those meant. */
export function fits(event: ContextEvent, { key, type, actor, words = [] }: EventMatch): boolean {
  if (type !== undefined && event.type !== type) return false;
  if (actor !== undefined && event.actor !== actor) return false;
  if (key === undefined && words.length === 0) return true;
  const keys = event.effects.filter(({ scope }) => keyScopes.includes(scope)).map((effect) => effect.key);
  if (key !== undefined && !keys.includes(key)) return false;
  const texts = [...keys, event.type, event.actor ?? ""].map((text) => text.toLowerCase());
  return words.every((word) => texts.some((text) => text.includes(word.toLowerCase())));
}

function quote(text: string): string {
  return /^(?!(?:key|type|actor):)[^\s"]+$/u.test(text) ? text : JSON.stringify(text);
}

/** Half of a quoted text, as it is while it is typed, is taken as it is. */
function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : text;
  } catch {
    return text;
  }
}
