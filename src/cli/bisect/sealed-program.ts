/**
 * Asking of a state whether something has turned: by an expression or by a command. An expression never runs
 * in this process, and knows nothing of it.
 */

/** What the process is told on stdin, as JSON; `state` is JSON text of its own. */
export interface SealedQuestion {
  readonly expression: string;
  readonly version: number;
  readonly state: string;
  readonly timeoutMs: number;
}

/** Writes an expression as part of a program; also if it ends in a comment. */
export function wrapExpression(expression: string): string {
  return `"use strict"; answer(() => (${expression}\n));`;
}

/**
 * What runs inside the sealed context, before the expression does. It takes away what reaches out of the heap
 * that V8 counts, makes the state of its text, so that no object of the outer world is in it, and leaves
 * `data`, `version`, and `answer`, which makes a text of whatever the expression gives.
 */
const prelude = `
"use strict";
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (/Array$|^Array|^Data|^Shared|^Atomics$|^WebAssembly$|^console$|^Weak|^Final/.test(name) && name !== "Array") {
    delete globalThis[name];
  }
}
{
  const { parse } = JSON;
  const members = (tree) => {
    for (const key of Object.keys(tree)) tree[key] = revive(tree[key]);
    return Object.freeze(tree);
  };
  const revive = (tree) => {
    if (typeof tree !== "object" || tree === null) return tree;
    if (Array.isArray(tree) || !Object.hasOwn(tree, "$type")) return members(tree);
    const { $type: tag, value, ...rest } = tree;
    switch (tag) {
      case "undefined": return undefined;
      case "number": return Number(value);
      case "bigint": return BigInt(value);
      case "date": return Object.freeze(new Date(value === null ? NaN : value));
      case "regexp": return new RegExp(rest.source, rest.flags);
      case "url": return value;
      case "map": return Object.freeze(new Map(value.map((pair) => pair.map(revive))));
      case "set": return Object.freeze(new Set(value.map(revive)));
      case "error": return members(rest.properties === undefined ? rest : { ...rest.properties, ...rest, properties: undefined });
      case "object": case "null-prototype": return members(value);
      case "class": return revive(value);
      default: return members(tree);
    }
  };
  const tell = (thrown) => {
    try {
      return thrown instanceof Error ? thrown.name + ": " + thrown.message : String(thrown);
    } catch {
      return "something that has no text";
    }
  };
  const answer = (ask) => {
    try {
      const value = ask();
      const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
      if (isObject && typeof value.then === "function") return "promise";
      return value ? "yes" : "no";
    } catch (thrown) {
      return "threw " + tell(thrown);
    }
  };
  const own = { data: revive(parse(stateText)), version: versionNumber, answer };
  delete globalThis.stateText;
  delete globalThis.versionNumber;
  for (const name of Object.keys(own)) Object.defineProperty(globalThis, name, { value: own[name] });
}
`;

/**
 * The program of a process of its own, which evaluates one expression on one state and writes what it came to.
 * It is text, since it must run where no file may be read. Nothing but texts and numbers passes the border of
 * the sealed context, in either direction.
 */
export const sealedProgram = `
"use strict";
const { readFileSync, writeSync } = require("node:fs");
const { createContext, runInContext } = require("node:vm");
process.on("unhandledRejection", () => {});
const { expression, version, state, timeoutMs } = JSON.parse(readFileSync(0, "utf8"));
const globals = Object.create(null);
globals.stateText = state;
globals.versionNumber = version;
const context = createContext(globals, {
  codeGeneration: { strings: false, wasm: false },
  microtaskMode: "afterEvaluate",
});
const evaluate = () => {
  const deadline = Date.now() + timeoutMs;
  const run = (code) => runInContext(code, context, { timeout: Math.max(1, deadline - Date.now()) });
  try {
    run(${JSON.stringify(prelude)});
    return run(expression);
  } catch (error) {
    return error?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? "timeout" : "broke";
  }
};
const answer = evaluate();
writeSync(1, typeof answer === "string" ? answer.slice(0, 500) : "broke");
process.exit(0);
`;
