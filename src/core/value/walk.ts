/** Levels of nesting that an encoding may have; SQLite's JSON functions stop at twice as many. */
export const maximumLevels = 500;
/** Levels that the store's own records may have, around values of their callers. */
export const recordLevels = maximumLevels + 10;

/** What a walk found out about the part of a value that it is in. */
interface Findings {
  readonly deepest: number;
  readonly isTagged: boolean;
  readonly isSharable: boolean;
}

/** What all walks through a value learn on their way: how deep it is, whether it needs tags, can be shared. */
export abstract class Walk implements Findings {
  deepest = 0;
  isTagged = false;
  isSharable = true;

  readonly #levels: number;

  constructor(levels: number) {
    this.#levels = levels;
  }

  protected abstract tooDeep(): Error;

  /** Notes that the encoding has a container at this level. */
  protected reach(level: number): void {
    if (level > this.#levels) throw this.tooDeep();
    if (level > this.deepest) this.deepest = level;
  }

  /** Notes something that stands in the encoding as a tagged object. */
  protected tag(level: number): void {
    this.isTagged = true;
    this.reach(level + 1);
  }

  /** Notes a part whose encoding was measured before. */
  protected reuse(level: number, height: number): void {
    this.reach(level + Math.abs(height));
    if (height < 0) this.isTagged = true;
  }

  /** Begins a container: what is found inside is gathered apart. Gives what `leave` wants back. */
  protected enter(level: number): Findings {
    this.reach(level);
    const { deepest, isTagged, isSharable } = this;
    this.deepest = level;
    this.isTagged = false;
    this.isSharable = true;
    return { deepest, isTagged, isSharable };
  }

  /** Tells the present container's height, negative if it needs tags, when it lies below `level` containers. */
  protected height(level: number): number {
    return this.isTagged ? level - this.deepest : this.deepest - level;
  }

  /** Ends a container: what was found inside holds for what is around it, too. */
  protected leave(outer: Findings): void {
    if (outer.deepest > this.deepest) this.deepest = outer.deepest;
    this.isTagged ||= outer.isTagged;
    this.isSharable &&= outer.isSharable;
  }
}
