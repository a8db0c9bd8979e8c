import { defineKey } from "../diff/define-key.js";
import type { Dictionary } from "../value/plain.js";
import { isHashable } from "./hashable.js";
import { marked, pythonTag } from "./marked.js";
import { type Container, isDictionary, type PythonValue } from "./python-value.js";

/** How the parts of a container get their homes, and what is said where they can't. */
export interface Parts {
  /** The home of a part; the segments lead to it from the container. */
  readonly visit: (part: PythonValue, ...segments: readonly string[]) => unknown;
  /** Notes an object that was made here. */
  readonly fresh: <Value>(object: Value) => Value;
  readonly fault: (why: string) => Error;
}

/**
 * What a container becomes: a list an array, a dict an object where all its keys are texts and a Map where not, a set
 * a Set. What JavaScript has no like of is marked.
 */
export function containerHome(container: Container, parts: Parts): unknown {
  const { kind, items, rule } = container;
  if (kind === "dict") return dictHome(items, parts);
  if (isDictionary(container))
    return marked(kind, {
      ...(kind === "defaultdict" && { factory: rule }),
      entries: parts.fresh(entriesOf(items, parts)),
    });
  if (kind === "list") return items.map((item, i) => parts.visit(item, String(i)));
  if (kind === "set" || kind === "frozenset") checkMembers(items, "a set", parts);
  const members = items.map((item, i) => parts.visit(item, "items", String(i)));
  if (kind === "set" && !losesAsKey(items)) return new Set(members);
  return marked(kind, { items: parts.fresh(members), ...(kind === "deque" && { maxlen: rule }) });
}

function dictHome(items: readonly PythonValue[], parts: Parts): unknown {
  const keys = items.filter((_, i) => i % 2 === 0);
  if (keys.every((key) => typeof key === "string" && key !== pythonTag)) {
    const home: Dictionary = {};
    for (const [i, key] of keys.entries()) {
      if (Object.hasOwn(home, key as string)) throw parts.fault("a dictionary has a key twice");
      // Checked by the condition around it.
      defineKey(home, key as string, parts.visit(items[2 * i + 1] ?? null, key as string));
    }
    return home;
  }
  const entries = entriesOf(items, parts);
  return losesAsKey(keys) ? marked("dict", { entries: parts.fresh(entries) }) : new Map(entries);
}

function entriesOf(items: readonly PythonValue[], parts: Parts): [unknown, unknown][] {
  const keys = items.filter((_, i) => i % 2 === 0);
  checkMembers(keys, "a dictionary", parts);
  return keys.map((key, i) =>
    parts.fresh([
      parts.visit(key, "entries", String(i), "0"),
      parts.visit(items[2 * i + 1] ?? null, "entries", String(i), "1"),
    ]),
  );
}

function checkMembers(members: readonly PythonValue[], holder: string, { fault }: Parts): void {
  if (!members.every((member) => isHashable(member)))
    throw fault(`${holder} has a key or member that can be none`);
  const told = members.filter((member) => typeof member !== "object" && !Number.isNaN(member));
  if (new Set(told).size !== told.length) throw fault(`${holder} has a key or member twice`);
}

/** Whether a Map or Set would not keep keys as they are: it takes two NaN for one, and -0 for 0. */
function losesAsKey(keys: readonly PythonValue[]): boolean {
  return keys.some((key) => Object.is(key, -0)) || keys.filter(Number.isNaN).length > 1;
}
