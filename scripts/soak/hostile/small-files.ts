import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { forge } from "../../../test/support/forged-export.js";

const megabyte = 1_000_000;

/** Files of a megabyte or two that may want much more memory of whoever reads them; the first ones soonest. */
export const smallFiles: Readonly<Record<string, (good: string) => string | Buffer>> = {
  "a long list of empty lists": (good) =>
    withValue(
      good,
      Array.from({ length: megabyte / 3 }, () => []),
    ),
  "brackets that are never closed": (good) => `${beginningOf(good)}\n${"[".repeat(megabyte)}`,
  "a value nested deeply, its hashes made to fit": (good) =>
    withValue(good, JSON.parse("[".repeat(3_000) + "]".repeat(3_000))),
  "objects that are never closed": (good) => `${beginningOf(good)}\n${'{"a":'.repeat(megabyte / 5)}`,
  "a million empty lines": (good) => `${beginningOf(good)}\n${"\n".repeat(megabyte)}`,
  "a number of a million digits": (good) => `${beginningOf(good)}\n{"sequence":${"9".repeat(megabyte)}}`,
  "a hundred megabytes, compressed": () => gzipSync(Buffer.alloc(100 * megabyte)),
  "a text of escapes": (good) => `${beginningOf(good)}\n"${"\\u0000".repeat(megabyte / 6)}"`,
  "a pattern that is a megabyte": (good) =>
    withValue(good, { $type: "regexp", source: "(".repeat(megabyte), flags: "" }),
  "a bigint of a million digits": (good) => withValue(good, { $type: "bigint", value: "9".repeat(megabyte) }),
  "a map of many keys": (good) =>
    withValue(good, { $type: "map", value: Array.from({ length: megabyte / 12 }, (_, index) => [index, 1]) }),
};

/** Writes one of them into a folder, and gives its path. */
export function writeSmallFile(folder: string, what: string, good: string): string {
  const file = join(folder, `${what.replaceAll(/\W/g, "-")}.jsonl`);
  writeFileSync(file, smallFiles[what]?.(good) ?? "");
  return file;
}

function beginningOf(good: string): string {
  return good.split("\n")[0] ?? "";
}

/** An export whose first value that is set is another one. */
function withValue(good: string, value: unknown): string {
  return forge(good, (events) => {
    const effect = events
      .flatMap(({ payload }) => payload.effects)
      .find(({ scope, key }) => scope === "persistent" && key === "e");
    if (effect === undefined) throw new Error("The export sets no value.");
    effect.value = value;
  });
}
