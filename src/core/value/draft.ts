import { thaw } from "./copy.js";
import { DraftPart } from "./draft-part.js";
import { FinishWalk } from "./finish-draft.js";
import { isPlainContainer } from "./plain.js";

/** What became of a draft. */
export interface Finished {
  /** Has the very parts of the original that were not changed, fresh ones instead of those that were. */
  readonly value: unknown;
  /** The fresh parts: nobody else has them, and they can be kept if what lies in them can. */
  readonly fresh: ReadonlySet<object>;
}

/**
 * A draft of a held value: it can be changed as a deep copy of it can, but costs only what is reached. Whoever
 * keeps it after it was finished can go on changing it, and changes nothing else.
 */
export class Draft {
  /** What is to be changed: plain objects and arrays stand in it as proxies, anything else as a copy. */
  readonly root: unknown;
  readonly #parts = new WeakMap<object, DraftPart>();

  constructor(value: unknown) {
    this.root = typeof value === "object" && value !== null ? this.#reach(value, undefined) : value;
  }

  /** Gives what was made of the draft, or of anything else that parts of it were put into. */
  finish(made: unknown = this.root): Finished {
    const walk = new FinishWalk((value) => this.#parts.get(value));
    return { value: walk.run(made), fresh: walk.fresh };
  }

  readonly #reach = (value: object, outer: DraftPart | undefined): unknown => {
    if (!isPlainContainer(value)) return thaw(value);
    const part = new DraftPart(value, this.#reach, outer);
    this.#parts.set(part.proxy, part);
    return part.proxy;
  };
}
