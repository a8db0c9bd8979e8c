import {
  type GetOperation,
  type ListNamespacesOperation,
  type Operation,
  type PutOperation,
  type SearchOperation,
  validateNamespace,
} from "@langchain/langgraph-checkpoint";
import { ContextError, decodeValue, encodeValue, type ValueClass } from "../../../index.js";
import { toStored } from "../stored.js";
import { type IdPrefix, idOf, keyOf } from "./namespace-id.js";

/** An operation of LangGraph's, checked and by its kind. */
export type Task =
  | { readonly kind: "get"; readonly operation: GetOperation }
  | { readonly kind: "search"; readonly operation: SearchOperation }
  | PutTask
  | { readonly kind: "list"; readonly operation: ListNamespacesOperation };

/** A put, with the value as it is stored, a copy; or a deletion. */
export interface PutTask {
  readonly kind: "put";
  readonly operation: PutOperation;
  readonly stored: unknown;
}

/**
 * Takes in operations, all of them before any is done. Values to be put are copied: their owner may change them
 * while something is waited for.
 * @throws {InvalidNamespaceError}
 * @throws {ContextError} ID_INVALID, KEY_INVALID, VALUE_UNSUPPORTED, VALUE_TOO_DEEP, OPTION_INVALID
 */
export function takeOperations(
  operations: readonly Operation[],
  prefix: IdPrefix,
  classes: readonly ValueClass[],
): Task[] {
  return operations.map((operation): Task => {
    if ("namespacePrefix" in operation) return { kind: "search", operation: checkSearch(operation) };
    if (!("namespace" in operation)) return { kind: "list", operation: checkListing(operation) };
    validateNamespace(operation.namespace, { allowReservedRoot: true });
    keyOf("vectors/", operation.key);
    if (!("value" in operation)) return { kind: "get", operation };
    if (operation.value === null) return { kind: "put", operation, stored: undefined };
    idOf(prefix, operation.namespace);
    return { kind: "put", operation, stored: copyOf(operation.value, classes) };
  });
}

function copyOf(value: unknown, classes: readonly ValueClass[]): unknown {
  if (value === undefined) throw new ContextError("VALUE_UNSUPPORTED", { path: "value", what: "undefined" });
  return decodeValue(encodeValue(toStored(value), { classes }), { classes });
}

function checkSearch(operation: SearchOperation): SearchOperation {
  validateNamespace(operation.namespacePrefix, { allowEmpty: true, allowReservedRoot: true });
  checkCount("limit", operation.limit);
  checkCount("offset", operation.offset);
  return operation;
}

function checkListing(operation: ListNamespacesOperation): ListNamespacesOperation {
  checkCount("limit", operation.limit);
  checkCount("offset", operation.offset);
  checkCount("maxDepth", operation.maxDepth);
  if (operation.maxDepth === 0) throw unfit("maxDepth", "no namespace has so few labels");
  for (const { matchType } of operation.matchConditions ?? []) {
    // A caller without types may pass anything.
    if (!["prefix", "suffix"].includes(matchType))
      throw unfit("matchConditions", 'one is neither of "prefix" nor of "suffix"');
  }
  return operation;
}

/** A count is a whole number, or Infinity; nothing is what is not given. */
function checkCount(option: string, count: number | null | undefined): void {
  if (count === undefined || count === null || count === Infinity) return;
  if (!Number.isSafeInteger(count) || count < 0) throw unfit(option, "it is no whole number from 0 on");
}

function unfit(option: string, why: string): ContextError {
  return new ContextError("OPTION_INVALID", { option, why });
}
