/**
 * Values: how they come in (copied or handed over, checked, frozen), how they are written as JSON text and
 * read back, and what a reader gets. Pure; knows nothing of keys, contexts or events.
 */
import { ContextError } from "../errors.js";
import { applyToCopy } from "../patch/apply-patch.js";
import { type Edit, withParts } from "../patch/edit.js";
import { AdoptWalk } from "./adopt.js";
import { share, thaw } from "./copy.js";
import { DecodeWalk, parse } from "./decode.js";
import type { ValueClass } from "./instances.js";
import { TakeWalk } from "./take.js";
import { type Held, LazilyTaken, type Taken } from "./taken.js";
import { recordLevels } from "./walk.js";

export type { ValueClass } from "./instances.js";
export type { Held, Taken } from "./taken.js";

/** Moves values across the store's border, both ways. */
export interface Codec {
  /**
   * Copies, checks and freezes; error paths begin with `name`. An object reached by two ways becomes two equal
   * values. What it is encoded as is found out when it is asked for. `fresh` plain objects and arrays are
   * nobody else's: they are frozen in place.
   * @throws {ContextError} VALUE_UNSUPPORTED, VALUE_TOO_DEEP
   */
  take(value: unknown, name: string, fresh?: ReadonlySet<object>): Taken;
  /** Does what `take` does for a record of the store's own, which puts some levels around a caller's value. */
  record(value: unknown, name: string): Taken;
  /** Does what `take` does for a value that is only to be shown: where one was erased, that is shown, too. */
  describe(value: unknown, name: string): Taken;
  /**
   * Does what `take` does, but freezes plain objects and arrays in place; anything else is refused, and a
   * refused value is left as it was. A proxy stays in its maker's hands: do not hand one over.
   * @throws {ContextError} VALUE_UNSUPPORTED, VALUE_TOO_DEEP
   */
  adopt(value: unknown, name: string): Taken;
  /**
   * Reads stored JSON text; a plain `Error` says that the text is none of ours.
   * @throws {ContextError} CLASS_UNKNOWN
   */
  read(text: string): Held;
  /**
   * Reads a parsed JSON tree that nobody else holds: it may be frozen and kept.
   * @throws {ContextError} CLASS_UNKNOWN
   */
  decode(encoded: unknown): Held;
  /**
   * Changes a held value by edits as they stand in a payload; what they do not touch is shared. A plain `Error` says
   * that they do not fit.
   * @throws {ContextError} CLASS_UNKNOWN
   */
  patch(held: Held, edits: readonly Edit[]): Held;
  /** Gives what a reader may see: the frozen value itself if sharable, else a fresh copy. */
  share(held: Held): unknown;
  /** Gives a deep copy that may be changed. */
  thaw(held: Held): unknown;
}

/**
 * Makes a codec that also knows the caller's classes.
 * @throws {ContextError} OPTION_INVALID for a class without a name, or two of one name
 */
export function createCodec(classes: readonly ValueClass[] = []): Codec {
  const byName = index(classes);
  const decode = (encoded: unknown): Held => {
    const walk = new DecodeWalk(byName);
    const value = walk.run(encoded);
    return { value, sharable: walk.isSharable };
  };
  return {
    take: (value, name, fresh) => finish(new TakeWalk(name, classes, { fresh }), value, name),
    record: (value, name) => finish(new TakeWalk(name, classes, atRecordLevels), value, name),
    describe: (value, name) => finish(new DescribeWalk(name, classes, atRecordLevels), value, name),
    adopt: (value, name) => finish(new AdoptWalk(name, classes), value, name),
    read: (text) => decode(parse(text)),
    decode,
    patch: ({ value }, edits) => {
      const decoded = edits.map((edit) => withParts(edit, (part) => decode(part).value));
      const fresh = new Set<object>();
      const changed = applyToCopy(value, decoded, fresh);
      const walk = new DescribeWalk("value", classes, { levels: recordLevels, fresh });
      const patched = walk.run(changed);
      return { value: patched, sharable: walk.isSharable };
    },
    share: (held) => (held.sharable ? held.value : share(held.value)),
    thaw: (held) => thaw(held.value),
  };
}

const atRecordLevels = { levels: recordLevels };

class DescribeWalk extends TakeWalk {
  protected override readonly takesErased = true;
}

function index(classes: readonly ValueClass[]): ReadonlyMap<string, ValueClass> {
  const byName = new Map<string, ValueClass>();
  // A caller without types may pass anything.
  if (!Array.isArray(classes)) throw invalid("it is not a list");
  for (const valueClass of classes as readonly (ValueClass | null | undefined)[]) {
    if (typeof valueClass?.name !== "string") throw invalid("something in it is no class to be stored");
    if (valueClass.name === "") throw invalid("a class has an empty name");
    if (byName.has(valueClass.name))
      throw invalid(`two classes are named ${JSON.stringify(valueClass.name)}`);
    byName.set(valueClass.name, valueClass);
  }
  return byName;
}

function invalid(why: string): ContextError {
  return new ContextError("OPTION_INVALID", { option: "classes", why });
}

function finish(walk: TakeWalk, input: unknown, name: string): Taken {
  const value = walk.run(input);
  const taken = new LazilyTaken({ value, sharable: walk.isSharable, isTagged: walk.isTagged, name });
  // What may be too long for a text is better refused at once than in the midst of a transaction.
  if (walk.characters > manyCharacters) taken.write();
  walk.commit();
  return taken;
}

/** So many characters fit into a text, whichever way each is escaped. */
const manyCharacters = 2 ** 26;
