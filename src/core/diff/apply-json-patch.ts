import { ContextError } from "../errors.js";
import { equalJson } from "./equal-json.js";
import { JsonDocument, type Refuse } from "./json-document.js";
import type { JsonPatchOperation } from "./json-patch.js";
import { parsePointer } from "./json-pointer.js";

/**
 * Applies a JSON Patch (RFC 6902), all of it or, with an error, nothing. What does not change is shared with
 * the given value, which is not written to. The operations may come from outside: each is checked.
 * @throws {ContextError} PATCH_INVALID names the operation that cannot be applied, a failed `test` too
 */
export function applyJsonPatch(operations: readonly JsonPatchOperation[], value: unknown): unknown {
  const document = new JsonDocument(value);
  if (!Array.isArray(operations)) throw refusal(0, "")("a patch is a list of operations");
  // One after the other, holes too: a long list of nothing is refused at its first.
  for (const [operation, members] of (operations as readonly unknown[]).entries())
    applyOperation(document, members, operation);
  return document.root;
}

/** An operation as it came: of its members, only those that every operation has were looked at. */
interface Raw {
  readonly members: object;
  readonly path: readonly string[];
  readonly refuse: Refuse;
}

function applyOperation(document: JsonDocument, members: unknown, operation: number): void {
  if (typeof members !== "object" || members === null) throw refusal(operation, "")("it is no object");
  const pointer = findMember(members, "path");
  const refuse = refusal(operation, typeof pointer === "string" ? pointer : "");
  const path = readPointer(members, "path", refuse);
  const apply = appliers.get(findMember(members, "op"));
  if (apply === undefined) throw refuse('its "op" is none of add, remove, replace, move, copy and test');
  apply(document, { members, path, refuse });
}

const appliers = new Map<unknown, (document: JsonDocument, raw: Raw) => void>([
  ["add", (document, raw) => document.add(raw.path, readValue(raw), raw.refuse)],
  ["remove", (document, { path, refuse }) => void document.remove(path, refuse)],
  ["replace", (document, raw) => document.replace(raw.path, readValue(raw), raw.refuse)],
  ["copy", copy],
  ["move", move],
  ["test", test],
]);

function copy(document: JsonDocument, { members, path, refuse }: Raw): void {
  document.copy(readPointer(members, "from", refuse), path, refuse);
}

function move(document: JsonDocument, { members, path, refuse }: Raw): void {
  const from = readPointer(members, "from", refuse);
  const isAround = from.every((step, i) => step === path[i]);
  if (!isAround) document.add(path, document.remove(from, refuse), refuse);
  else if (from.length < path.length) throw refuse("a value cannot be moved into itself");
  else document.get(from, refuse);
}

function test(document: JsonDocument, raw: Raw): void {
  const { path, refuse } = raw;
  if (!equalJson(document.get(path, refuse), readValue(raw))) throw refuse("the test found another value");
}

function readPointer(members: object, name: "path" | "from", refuse: Refuse): readonly string[] {
  const pointer = findMember(members, name);
  const steps = typeof pointer === "string" ? parsePointer(pointer) : undefined;
  if (steps === undefined) throw refuse(`its "${name}" is no JSON Pointer`);
  return steps;
}

function readValue({ members, refuse }: Raw): unknown {
  if (!Object.hasOwn(members, "value")) throw refuse('it has no "value"');
  return findMember(members, "value");
}

/** What an object inherits is no member of the operation. */
function findMember(operation: object, name: string): unknown {
  return Object.hasOwn(operation, name) ? (Reflect.get(operation, name) as unknown) : undefined;
}

function refusal(operation: number, path: string): Refuse {
  return (why) => new ContextError("PATCH_INVALID", { operation, path, why });
}
