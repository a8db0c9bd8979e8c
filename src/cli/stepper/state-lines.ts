import type { KeyChange } from "../../index.js";
import { countOf } from "../count-of.js";
import type { Line } from "../difference-lines.js";
import type { Fragment } from "../styled-text.js";
import { quoteKey } from "../terminal-text.js";
import { cutText, previewValue, type PreviewOptions } from "../value-preview.js";

/** A value is shown in the line of its name up to this many characters; a longer one has its parts below. */
const shortValue = 64;
const longestKey = 200;

/** Shows a state as a tree, made line by line as it is looked at; the keys that changed last are marked. */
export function* stateLines(
  keys: Iterable<readonly [key: string, value: unknown]>,
  changed: readonly KeyChange[],
  look: PreviewOptions,
): Generator<Line, void, void> {
  let isEmpty = true;
  for (const [key, value] of keys) {
    isEmpty = false;
    yield* partLines(value, { name: nameOf(key), margin: marginOf(key, changed), depth: 0, look });
  }
  if (isEmpty) yield [{ text: "There are no keys.", style: "dim" }];
}

interface Part {
  readonly name: Fragment;
  readonly margin: Fragment;
  readonly depth: number;
  readonly look: PreviewOptions;
}

function* partLines(value: unknown, part: Part): Generator<Line, void, void> {
  const { name, margin, depth, look } = part;
  const start = [margin, "  ".repeat(depth), name];
  const short = previewValue(value, { ...look, longest: shortValue + 1 });
  const parts = short.length > shortValue ? partsOf(value) : undefined;
  if (parts === undefined) {
    yield [...start, `: ${previewValue(value, look)}`];
    return;
  }
  yield [...start, ": ", { text: parts.size, style: "dim" }];
  for (const [key, inner] of parts.entries) {
    yield* partLines(inner, { ...part, name: nameOf(key), margin: "  ", depth: depth + 1 });
  }
}

/** The parts of an object or array; anything else is shown whole. */
function partsOf(
  value: unknown,
): { size: string; entries: Iterable<readonly [string | number, unknown]> } | undefined {
  if (Array.isArray(value)) return { size: countOf(value.length, "element"), entries: value.entries() };
  if (typeof value !== "object" || value === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  const entries = Object.entries(value);
  return { size: countOf(entries.length, "key"), entries };
}

function nameOf(key: string | number): Fragment {
  return { text: typeof key === "number" ? `[${key}]` : cutText(quoteKey(key), longestKey), style: "cyan" };
}

function marginOf(key: string, changed: readonly KeyChange[]): Fragment {
  const change = changed.find((one) => one.scope === "persistent" && one.key === key);
  if (change === undefined || !("after" in change)) return "  ";
  return "before" in change ? { text: "~ ", style: "yellow" } : { text: "+ ", style: "green" };
}
