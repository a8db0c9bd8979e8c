import type { MatchCondition } from "@langchain/langgraph-checkpoint";

/** Whether a namespace begins, or ends, as a condition says; `*` stands for any one label. */
export function matches(namespace: readonly string[], { matchType, path }: MatchCondition): boolean {
  if (path.length > namespace.length) return false;
  const start = matchType === "prefix" ? 0 : namespace.length - path.length;
  return path.every((label, i) => label === "*" || label === namespace[start + i]);
}

/** The labels that every matching namespace begins with, so that others need not be looked at. */
export function commonStart(conditions: readonly MatchCondition[]): readonly string[] {
  const starts = conditions
    .filter(({ matchType }) => matchType === "prefix")
    .map(({ path }) => path.slice(0, path.includes("*") ? path.indexOf("*") : path.length));
  return starts.reduce((longest, start) => (start.length > longest.length ? start : longest), []);
}
