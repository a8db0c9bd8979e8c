import type { Objection } from "../objection.js";
import type { Dictionary } from "../plain.js";
import type { Kind } from "./kind.js";

const makers = new Map<string, () => Error>([
  ["Error", () => new Error()],
  ["EvalError", () => new EvalError()],
  ["RangeError", () => new RangeError()],
  ["ReferenceError", () => new ReferenceError()],
  ["SyntaxError", () => new SyntaxError()],
  ["TypeError", () => new TypeError()],
  ["URIError", () => new URIError()],
  ["AggregateError", () => new AggregateError([])],
]);
const prototypes = [...makers.values()].map((make) => Object.getPrototypeOf(make()) as object);
const names = new Map([...makers.keys()].map((name, i) => [prototypes[i], name]));

/** The own properties that the language itself makes, hidden from enumeration. */
const hiddenKeys = ["message", "stack", "cause", "errors"] as const;

/** An error of the language's own classes, with what was attached to it. */
export const error: Kind<Error> = {
  tag: "error",
  fields: ["name", ...hiddenKeys, "properties"],
  prototypes,
  findObjection,
  levels: (value) => (Object.keys(value).length === 0 ? 1 : 2),
  copy: (value, visit) =>
    make(
      getName(value),
      listHidden(value).map(([key, part]) => [key, visit(part, key, 1)]),
      Object.entries(value).map(([key, part]) => [key, visit(part, key, 2)]),
    ),
  encode: (value, encode) => {
    const properties = Object.entries(value).map(([key, part]) => [key, encode(part)] as const);
    return {
      name: getName(value),
      ...Object.fromEntries(listHidden(value).map(([key, part]) => [key, encode(part)])),
      ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
    };
  },
  decode: ({ name, properties = {}, ...hidden }, decode) => {
    if (typeof name !== "string" || !makers.has(name) || !isObject(properties)) return undefined;
    return make(
      name,
      Object.entries(hidden).map(([key, part]) => [key, decode(part, 1)]),
      Object.entries(properties).map(([key, part]) => [key, decode(part, 2)]),
    );
  },
  isEqual: (a, b, both) => {
    both(Object.fromEntries(listHidden(a)), Object.fromEntries(listHidden(b)));
    both(Object.fromEntries(Object.entries(a)), Object.fromEntries(Object.entries(b)));
    return true;
  },
};

type Property = readonly [key: string, value: unknown];

function make(name: string, hidden: readonly Property[], properties: readonly Property[]): Error {
  const made = (makers.get(name) ?? (() => new Error()))();
  // A new error has properties of its own, among them the stack of this call.
  for (const key of Reflect.ownKeys(made)) Reflect.deleteProperty(made, key);
  for (const [key, value] of hidden) define(made, key, { value, enumerable: false });
  for (const [key, value] of properties) define(made, key, { value, enumerable: true });
  return made;
}

function define(target: object, key: string, descriptor: PropertyDescriptor): void {
  Object.defineProperty(target, key, { writable: true, configurable: true, ...descriptor });
}

function getName(value: Error): string {
  return names.get(Object.getPrototypeOf(value) as object) ?? "Error";
}

function listHidden(value: Error): Property[] {
  return hiddenKeys.filter((key) => isHidden(value, key)).map((key) => [key, Reflect.get(value, key)]);
}

function isHidden(value: object, key: string): boolean {
  try {
    return Object.getOwnPropertyDescriptor(value, key)?.enumerable === false;
  } catch (error) {
    // A stack is written when it is first looked at, which fails where name or message is no text.
    if (key === "stack") return false;
    throw error;
  }
}

function isHiddenKey(key: string): boolean {
  return (hiddenKeys as readonly string[]).includes(key);
}

function isObject(value: unknown): value is Dictionary {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function findObjection(value: Error): Objection | undefined {
  for (const key of Reflect.ownKeys(value)) {
    if (typeof key === "symbol") return { what: "a symbol-keyed property", at: key };
    // Some engines make the stack an accessor, and it may fail.
    const descriptor = key === "stack" ? undefined : Object.getOwnPropertyDescriptor(value, key);
    if (descriptor === undefined) continue;
    if ("get" in descriptor) return { what: "an accessor property", at: key };
    if (descriptor.enumerable === false && !isHiddenKey(key)) return { what: "a hidden property", at: key };
  }
  return undefined;
}
