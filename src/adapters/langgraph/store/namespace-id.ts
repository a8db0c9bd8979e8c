/**
 * A store for LangGraph's long-term memory on contexts: each namespace is a context, each item a key in it. What
 * lives here speaks LangGraph's words (namespace, label, item) outside and the library's inside; it knows nothing
 * of engines, and asks the library as any caller does.
 *
 * This file has the names: how namespaces and items are called as contexts and keys.
 */
import { ContextError } from "../../../index.js";

/** What the ids of one store's namespaces have in common. */
export type IdPrefix = string & { readonly brand: "id prefix" };

/** Contexts by their ids: one of this very id, and those from one id on up to another. */
export interface IdRange {
  readonly id: string;
  readonly from: string;
  readonly before: string;
}

/** Longest id of a context and longest key, in UTF-16 code units. */
const longest = { id: 512, key: 4096 };

/** What the keys of items, and of the vectors that belong to them, begin with. */
export type KeyKind = "item/" | "vectors/";

/**
 * Takes in the name that a store's namespaces have before them.
 * @throws {ContextError} OPTION_INVALID
 */
export function takePrefix(prefix: string): IdPrefix {
  if (typeof prefix === "string" && /^[^:/%\p{Cc}\p{Cs}]+$/u.test(prefix)) {
    // Checked on the line above.
    return `${prefix}:` as IdPrefix;
  }
  throw new ContextError("OPTION_INVALID", {
    option: "prefix",
    why: 'it has to be a text without ":", "/", "%" and control characters',
  });
}

/**
 * The id of a namespace's context.
 * @throws {ContextError} ID_INVALID
 */
export function idOf(prefix: IdPrefix, namespace: readonly string[]): string {
  const id = pathOf(prefix, namespace);
  if (id.length <= longest.id) return id;
  const why = `the namespace makes it longer than ${longest.id} characters; use fewer or shorter labels`;
  throw new ContextError("ID_INVALID", { id, why });
}

/** The ids of a namespace and of all below it; of all namespaces for the empty one. */
export function idsBelow(prefix: IdPrefix, namespace: readonly string[]): IdRange {
  // ";" comes right behind ":", and "0" right behind "/".
  if (namespace.length === 0) return { id: prefix, from: prefix, before: `${prefix.slice(0, -1)};` };
  const id = pathOf(prefix, namespace);
  return { id, from: `${id}/`, before: `${id}0` };
}

/** The namespace of a context's id. */
export function namespaceOf(prefix: IdPrefix, id: string): string[] {
  return id.slice(prefix.length).split("/").map(readable);
}

/**
 * The key under which an item, or what belongs to it, is kept.
 * @throws {ContextError} KEY_INVALID
 */
export function keyOf(kind: KeyKind, itemKey: string): string {
  // A caller without types may pass anything.
  if (typeof (itemKey as unknown) !== "string")
    throw new ContextError("KEY_INVALID", { key: `(${typeof itemKey})`, why: "it is not a string" });
  const key = kind + escaped(itemKey, /[%\p{Cc}\p{Cs}]/gu);
  if (key.length <= longest.key) return key;
  throw new ContextError("KEY_INVALID", {
    key: itemKey,
    why: `as a key of its context it is longer than ${longest.key} characters`,
  });
}

/** The item's own key, of the key under which it is kept. */
export function itemKeyOf(key: string): string {
  return readable(key.slice(key.indexOf("/") + 1));
}

function pathOf(prefix: IdPrefix, namespace: readonly string[]): string {
  return prefix + namespace.map((label) => escaped(label, /[%/\p{Cc}\p{Cs}]/gu)).join("/");
}

/** Writes characters that names have no place for, halves of surrogate pairs too, as their code in four digits. */
function escaped(text: string, odd: RegExp): string {
  return text.replace(odd, (character) => `%${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function readable(text: string): string {
  return text.replace(/%([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
