import { Complete, Container, type PythonValue } from "./python-value.js";

/** Whether Python would take a value as a key or as a member of a set. */
export function isHashable(value: PythonValue): boolean {
  if (value instanceof Container)
    return value.kind === "frozenset" || (value.kind === "tuple" && value.items.every(isHashable));
  return !(value instanceof Complete && value.kind === "bytearray");
}
