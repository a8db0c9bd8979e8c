import { isContextError } from "../../../src/index.js";
import { Homes } from "../../../src/core/python/homes.js";
import type { Container } from "../../../src/core/python/python-value.js";
import { readPython } from "../../../src/core/python/read-python.js";

/** The value of the key "v". */
export function valueOf(file: Uint8Array): unknown {
  const { persistent } = readPython([file], "file").session;
  return new Homes("file", 2 ** 26).of(persistent.items[1] ?? null, ["persistent", "v"], persistent).value;
}

/** What becomes of a file, and all its values: read, or refused with a code of ours. */
export function outcomeOf(pieces: Iterable<Uint8Array>): string {
  try {
    const { session } = readPython(pieces, "file");
    const homes = new Homes("file", 2 ** 26);
    const dictionaries = [
      session.persistent,
      session.ephemeral,
      ...session.snapshots.map(({ data }) => data),
    ];
    for (const dictionary of dictionaries) convertAll(homes, dictionary);
    return "read";
  } catch (error) {
    if (isContextError(error)) return error.message;
    throw error;
  }
}

function convertAll(homes: Homes, dictionary: Container): void {
  for (const item of dictionary.items) homes.of(item, ["data", "key"], dictionary);
}
