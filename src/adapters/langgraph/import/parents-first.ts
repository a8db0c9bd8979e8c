/**
 * The ids of checkpoints, by their text as far as each comes after its parent: ids grow with time, but two machines'
 * clocks may differ. Undefined where a checkpoint comes before itself.
 */
export function parentsFirst(
  parents: ReadonlyMap<string, string | undefined>,
): readonly string[] | undefined {
  const done = new Set<string>();
  for (const id of [...parents.keys()].sort()) {
    const waiting: string[] = [];
    const chain = new Set<string>();
    for (let next: string | undefined = id; next !== undefined && !done.has(next); next = parents.get(next)) {
      if (chain.has(next)) return undefined;
      chain.add(next);
      // A parent that is not there is nobody's to wait for.
      if (parents.has(next)) waiting.push(next);
    }
    for (const ready of waiting.reverse()) done.add(ready);
  }
  return [...done];
}
