/** Takes so many of what comes, and leaves the rest. */
export async function take<Item>(items: AsyncIterator<Item, unknown>, count: number): Promise<Item[]> {
  const taken: Item[] = [];
  while (taken.length < count) {
    const step = await items.next();
    if (step.done === true) throw new Error(`It ended after ${taken.length} of ${count}.`);
    taken.push(step.value);
  }
  return taken;
}
