import { compileGlob } from "../../core/glob.js";
import type { ContextFilter, ContextListing } from "../engine.js";
import { compareCodePoints } from "./code-point-order.js";
import type { ContextTable, Tables } from "./tables.js";

/** Answers which contexts exist; neither the store's own stream nor one without events is listed. */
export function listContexts(tables: Tables, filter: ContextFilter): readonly ContextListing[] {
  const meets = condition(filter);
  return [...tables.contexts.values()]
    .filter((table) => table.context > 0 && table.keptSequence === null && meets(table))
    .sort((a, b) => compareCodePoints(a.name, b.name))
    .slice(0, filter.limit)
    .map(toListing);
}

function condition(filter: ContextFilter): (table: ContextTable) => boolean {
  const { id, after, key, changedSince = -Infinity, changedBefore = Infinity } = filter;
  const fits = id === undefined ? () => true : compileGlob(id);
  const wanted = Object.entries(filter.metadata);
  return ({ name, events, projections: { current } }) => {
    const changedAt = events.at(-1)?.recordedAt;
    return (
      changedAt !== undefined &&
      changedAt >= changedSince &&
      changedAt < changedBefore &&
      (after === undefined || compareCodePoints(name, after) > 0) &&
      (key === undefined || current.get("persistent")?.has(key) === true) &&
      wanted.every(([about, value]) => current.get("metadata")?.get(about)?.value === value) &&
      fits(name)
    );
  };
}

function toListing(table: ContextTable): ContextListing {
  const { context, name, createdAt, parent, forkSequence, keptSequence, floorSequence } = table;
  const { events, projections } = table;
  const head = events.at(-1);
  const { current } = projections;
  return {
    context,
    name,
    createdAt,
    parent,
    forkSequence,
    keptSequence,
    floorSequence,
    version: head?.version ?? 0,
    sequence: head?.sequence ?? 0,
    changedAt: head?.recordedAt ?? createdAt,
    keys: current.get("persistent")?.size ?? 0,
    metadata: Object.fromEntries(
      [...(current.get("metadata") ?? [])].map(([key, { value }]) => [key, value ?? ""]),
    ),
  };
}
