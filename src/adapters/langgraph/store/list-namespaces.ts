import type { ListNamespacesOperation } from "@langchain/langgraph-checkpoint";
import type { ItemReader } from "./item-reader.js";
import { type IdPrefix, idsBelow, namespaceOf } from "./namespace-id.js";
import { commonStart, matches } from "./namespace-match.js";

/** Lists the namespaces that have items, in the order of the language at hand, as LangGraph's store in memory does. */
export function listNamespaces(
  reader: ItemReader,
  prefix: IdPrefix,
  { matchConditions, maxDepth, limit, offset }: ListNamespacesOperation,
): string[][] {
  // A caller without types may leave anything out.
  const conditions = matchConditions ?? [];
  const start = (offset as number | undefined) ?? 0;
  const most = (limit as number | undefined) ?? Infinity;
  const found = reader
    .idsWithItems(idsBelow(prefix, commonStart(conditions)))
    .map((id) => namespaceOf(prefix, id))
    .filter((namespace) => conditions.every((condition) => matches(namespace, condition)))
    .map((namespace) => namespace.slice(0, maxDepth ?? namespace.length));
  // No label has a colon.
  const byName = new Map(found.map((namespace) => [namespace.join(":"), namespace]));
  const { compare } = new Intl.Collator();
  const sorted = [...byName].sort(([one], [other]) => compare(one, other));
  return sorted.slice(start, start + most).map(([, namespace]) => namespace);
}
