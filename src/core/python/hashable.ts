import { Complete, Container, type PythonValue } from "./python-value.js";

/** What is deeper is refused for that, once it is to become a value. */
const deepest = 1_000;

/** Whether Python would take a value as a key or as a member of a set. */
export function isHashable(value: PythonValue): boolean {
  return isHashableAt(value, 0, new Set());
}

/** What was looked into and found good is not looked into again: few tuples can stand for many. */
function isHashableAt(value: PythonValue, depth: number, good: Set<Container>): boolean {
  if (!(value instanceof Container)) return !(value instanceof Complete && value.kind === "bytearray");
  if (value.kind !== "tuple") return value.kind === "frozenset";
  if (depth > deepest || good.has(value)) return true;
  good.add(value);
  return value.items.every((item) => isHashableAt(item, depth + 1, good));
}
