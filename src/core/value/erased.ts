import type { Dictionary } from "./plain.js";

/**
 * Stands where a value was erased: it tells that there was one, and which, by its digest. It cannot be stored
 * anew, so nothing that reads the past can bring it back as if it were a value.
 */
export class ErasedValue {
  /** The salted SHA-256 of the value, hex; the salt is gone, so it can be guessed from neither. */
  readonly digest: string;

  constructor(digest: string) {
    this.digest = digest;
    Object.freeze(this);
  }
}

/** The tag under which an erased value stands in an encoding. */
export const erasedTag = "erased";

/** Reads what stands in the place of an erased value, without its tag; undefined if that is none. */
export function readErased(fields: Dictionary): ErasedValue | undefined {
  const { digest } = fields;
  const isOne =
    Object.keys(fields).length === 1 && typeof digest === "string" && /^[0-9a-f]{64}$/.test(digest);
  return isOne ? new ErasedValue(digest) : undefined;
}

/** Writes what stands in the place of an erased value. */
export function writeErased({ digest }: ErasedValue): Dictionary {
  return { $type: erasedTag, digest };
}
