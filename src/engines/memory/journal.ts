/**
 * Changes maps and lists, remembering how to take each change back. What a transaction costs to undo thus
 * follows what it did and not what is stored.
 */
export class Journal {
  #undo: (() => void)[] | undefined;

  begin(): void {
    this.#undo = [];
  }

  /** Makes a change together with its reverse. */
  change(make: () => void, takeBack: () => void): void {
    // A program that does not wait for its last writes would make them behind its own commit.
    if (this.#undo === undefined)
      throw new Error("A write came after its transaction; this is a bug in durable-context.");
    make();
    this.#undo.push(takeBack);
  }

  set<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
    const before = map.get(key);
    const takeBack = before === undefined ? () => void map.delete(key) : () => void map.set(key, before);
    this.change(() => map.set(key, value), takeBack);
  }

  delete<Key, Value>(map: Map<Key, Value>, key: Key): void {
    const before = map.get(key);
    if (before === undefined) return;
    this.change(
      () => map.delete(key),
      () => void map.set(key, before),
    );
  }

  insert<Row>(list: Row[], index: number, row: Row): void {
    this.change(
      () => void list.splice(index, 0, row),
      () => void list.splice(index, 1),
    );
  }

  /** Forgets how to undo: what was done stays. */
  commit(): void {
    this.#undo = undefined;
  }

  /** Takes back everything since the beginning, the newest first. */
  rollback(): void {
    for (const takeBack of this.#undo?.reverse() ?? []) takeBack();
    this.#undo = undefined;
  }
}
