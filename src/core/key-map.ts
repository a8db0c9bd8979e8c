/** An overlay that changes nothing; most maps have it, and most contexts have a dozen maps without keys. */
const unchanged = new Map<string, never>();

/**
 * An immutable map from keys to entries that remembers creation order and costs about the square root of
 * its size to change: a shared base, and a small overlay that is copied at each change and folded into a
 * new base when it has grown.
 */
export class KeyMap<Entry> {
  static readonly #empty = new KeyMap<unknown>(unchanged, unchanged, 0);

  readonly #base: ReadonlyMap<string, Entry>;
  readonly #overlay: ReadonlyMap<string, Change<Entry>>;
  readonly size: number;

  private constructor(
    base: ReadonlyMap<string, Entry>,
    overlay: ReadonlyMap<string, Change<Entry>>,
    size: number,
  ) {
    this.#base = base;
    this.#overlay = overlay;
    this.size = size;
  }

  /** The map without keys. */
  static empty<Entry>(): KeyMap<Entry> {
    // A map without entries fits every entry type.
    return KeyMap.#empty as KeyMap<Entry>;
  }

  /** Takes over entries in their order; the caller gives the map away. */
  static from<Entry>(entries: Map<string, Entry>): KeyMap<Entry> {
    return entries.size === 0 ? KeyMap.empty() : new KeyMap<Entry>(entries, unchanged, entries.size);
  }

  get(key: string): Entry | undefined {
    const change = this.#overlay.get(key);
    return change === undefined ? this.#base.get(key) : change.entry;
  }

  has(key: string): boolean {
    const change = this.#overlay.get(key);
    return change === undefined ? this.#base.has(key) : change.entry !== undefined;
  }

  set(key: string, entry: Entry): KeyMap<Entry> {
    const overlay = new Map(this.#overlay);
    const before = overlay.get(key);
    const isNew = before === undefined ? !this.#base.has(key) : before.entry === undefined;
    if (isNew) overlay.delete(key);
    overlay.set(key, { entry, moved: isNew || before?.moved === true });
    return this.#settle(overlay, isNew ? this.size + 1 : this.size);
  }

  delete(key: string): KeyMap<Entry> {
    if (!this.has(key)) return this;
    const overlay = new Map(this.#overlay);
    if (this.#base.has(key)) overlay.set(key, { entry: undefined, moved: false });
    else overlay.delete(key);
    return this.#settle(overlay, this.size - 1);
  }

  *entries(): Generator<[string, Entry]> {
    for (const [key, entry] of this.#base) {
      const change = this.#overlay.get(key);
      if (change === undefined) yield [key, entry];
      else if (change.entry !== undefined && !change.moved) yield [key, change.entry];
    }
    for (const [key, { entry, moved }] of this.#overlay) if (moved && entry !== undefined) yield [key, entry];
  }

  *keys(): Generator<string> {
    for (const [key] of this.entries()) yield key;
  }

  #settle(overlay: Map<string, Change<Entry>>, size: number): KeyMap<Entry> {
    if (overlay.size < 8 || overlay.size * overlay.size < this.#base.size) {
      return new KeyMap(this.#base, overlay, size);
    }
    const entries = new Map(this.#base);
    for (const [key, { entry, moved }] of overlay) {
      if (entry === undefined || moved) entries.delete(key);
      if (entry !== undefined) entries.set(key, entry);
    }
    return KeyMap.from(entries);
  }
}

/** What the overlay says of a key: a new entry (at the end, if moved), or that it is gone. */
interface Change<Entry> {
  readonly entry: Entry | undefined;
  readonly moved: boolean;
}
