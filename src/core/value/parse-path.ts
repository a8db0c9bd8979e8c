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
 * @throws {ContextError} PATH_INVALID, OPTION_INVALID
 */
export function parsePath(text: string): ValuePath {
  // Anything else would be made a text of, which for a list that holds itself often takes for ever.
  if (typeof (text as unknown) !== "string") throw notTaken("it is not text");
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

/**
 * Writes a path so that {@link parsePath} reads the same one.
 * @throws {ContextError} OPTION_INVALID
 */
export function writePath(path: ValuePath): string {
  requirePath(path);
  const [key, ...steps] = path;
  const first = isName(key) ? key : `[${JSON.stringify(key)}]`;
  return first + steps.map(writeStep).join("");
}

/** One step after the other, so that a long list of nothing is refused at its first. */
function requirePath(path: unknown): void {
  const why = "it is not a key, followed by keys and indexes";
  if (!Array.isArray(path) || path.length === 0) throw notTaken(why);
  for (const [place, step] of (path as readonly unknown[]).entries()) {
    const isIndex = place > 0 && typeof step === "number" && Number.isSafeInteger(step) && step >= 0;
    if (typeof step !== "string" && !isIndex) throw notTaken(why);
  }
}

function notTaken(why: string): ContextError {
  return new ContextError("OPTION_INVALID", { option: "path", why });
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
