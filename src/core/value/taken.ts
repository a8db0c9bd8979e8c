import { ContextError } from "../errors.js";
import { encode } from "./encode.js";
import { stringify } from "./stringify.js";

/**
 * A value as the store holds it, frozen as deep as freezing holds. A `sharable` one is made of primitives,
 * plain objects and arrays only and is handed out as it is; of any other, each reader gets a copy.
 */
export interface Held {
  readonly value: unknown;
  readonly sharable: boolean;
}

/** A value that was just taken in. */
export interface Taken extends Held {
  /**
   * Its encoding, written when it is first asked for: what is taken in is frozen, so that it stays the same.
   * @throws {ContextError} VALUE_UNSUPPORTED where it is longer than a text can be
   */
  readonly text: string;
  /** The size of that text in UTF-8. */
  readonly bytes: number;
}

/** What a walk found out about a value, and the name that errors call it by. */
export interface TakenFacts extends Held {
  readonly isTagged: boolean;
  readonly name: string;
}

/** A taken value that is encoded no sooner than somebody wants its text. */
export class LazilyTaken implements Taken {
  readonly value: unknown;
  readonly sharable: boolean;
  readonly #isTagged: boolean;
  readonly #name: string;
  #text: string | undefined;
  #bytes: number | undefined;

  constructor({ value, sharable, isTagged, name }: TakenFacts) {
    this.value = value;
    this.sharable = sharable;
    this.#isTagged = isTagged;
    this.#name = name;
  }

  get text(): string {
    return this.write();
  }

  get bytes(): number {
    this.#bytes ??= Buffer.byteLength(this.text);
    return this.#bytes;
  }

  /** Makes the text now, where it is not there yet. */
  write(): string {
    this.#text ??= write(this.#isTagged ? encode(this.value) : this.value, this.#name);
    return this.#text;
  }
}

function write(tree: unknown, name: string): string {
  try {
    return stringify(tree);
  } catch (cause) {
    // The tree was checked, so this can only be text of more than half a gigabyte.
    throw new ContextError("VALUE_UNSUPPORTED", { path: name, what: "longer than a text can be" }, { cause });
  }
}
