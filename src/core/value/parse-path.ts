import { ContextError } from "../errors.js";

/** A path from a context into one of its values: the key first, then keys of objects and indexes of arrays. */
export type ValuePath = readonly [key: string, ...steps: (string | number)[]];

/**
 * Reads a path as one would write it in code:
 *
 * ```text
 * path = first step*
 * first = name | "[" JSON string "]"
 * step  = "." name | "[" JSON string "]" | "[" index "]"
 * name  = any text without ".", "[" and white space at its ends
 * index = decimal digits
 * ```
 *
 * @example parsePath("plan.steps[3]"); // ["plan", "steps", 3]
 * @example parsePath('["odd.key"].x'); // ["odd.key", "x"]
 * @throws {ContextError} PATH_INVALID
 */
export function parsePath(text: string): ValuePath {
  const steps: (string | number)[] = [];
  for (let at = 0; at < text.length || at === 0;) {
    const { step, end } = readStep(text, at);
    steps.push(step);
    at = end;
  }
  const [key, ...rest] = steps;
  if (typeof key !== "string") throw fault(text, "it begins with the name of a key, and not with an index");
  return [key, ...rest];
}

/** Writes a path so that {@link parsePath} reads the same one. */
export function writePath([key, ...steps]: ValuePath): string {
  const first = isName(key) ? key : `[${JSON.stringify(key)}]`;
  return first + steps.map(writeStep).join("");
}

function writeStep(step: string | number): string {
  if (typeof step === "number") return `[${step}]`;
  return isName(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}

function isName(key: string): boolean {
  return /^[^.[\s"](?:[^.[]*[^.[\s])?$/.test(key);
}

const quotedStep = /\["(?:[^"\\]|\\.)*"\]/suy;
const indexStep = /\[(?<index>\d+)\]/y;
const nameStep = /[^.[]+/y;

function readStep(text: string, at: number): { step: string | number; end: number } {
  const quoted = match(quotedStep, text, at);
  if (quoted !== undefined) return { step: readQuoted(quoted, text), end: at + quoted.length };
  const index = match(indexStep, text, at);
  if (index !== undefined) return { step: readIndex(index, text), end: at + index.length };
  if (at > 0 && text[at] !== ".") throw fault(text, `a step was expected at character ${at + 1}`);
  const start = at === 0 ? 0 : at + 1;
  const name = match(nameStep, text, start);
  if (name === undefined) throw fault(text, `a name was expected at character ${start + 1}`);
  return { step: name, end: start + name.length };
}

function match(step: RegExp, text: string, at: number): string | undefined {
  step.lastIndex = at;
  return step.exec(text)?.[0];
}

function readQuoted(quoted: string, text: string): string {
  try {
    // A JSON text in quotes can only be a string.
    return JSON.parse(quoted.slice(1, -1)) as string;
  } catch {
    throw fault(text, "a name in quotes is not a JSON string");
  }
}

function readIndex(bracket: string, text: string): number {
  const index = Number(bracket.slice(1, -1));
  if (Number.isSafeInteger(index)) return index;
  throw fault(text, "an index is too large");
}

function fault(path: string, why: string): ContextError {
  return new ContextError("PATH_INVALID", { path, why });
}
