import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Random } from "../random.js";
import type { GoodExports } from "./good-exports.js";

/** Makes, at a path, what is no export, or an odd one; each with whether an export can be read of it. */
export function oddExports(
  good: GoodExports,
  random: Random,
  isLong: boolean,
): Readonly<Record<string, Maker>> {
  const bytes = Buffer.from(good.family);
  const noise = Buffer.from(Array.from({ length: 10_000 }, () => random.below(256)));
  const [long, deep] = isLong ? [50_000_000, 5_000_000] : [3_000_000, 300_000];
  const [beginning = ""] = good.family.split("\n");
  return {
    "an empty file": (path) => writeFileSync(path, ""),
    "a compressed export": (path) => writeFileSync(path, gzipSync(bytes)),
    "random bytes": (path) => writeFileSync(path, noise),
    "random bytes behind a right beginning": (path) =>
      writeFileSync(path, Buffer.concat([Buffer.from(`${beginning}\n`), noise])),
    "a mark of byte order": (path) => writeFileSync(path, `\ufeff${good.family}`),
    "lines ended as on Windows": (path) => writeFileSync(path, good.family.replaceAll("\n", "\r\n")),
    "UTF-16": (path) => writeFileSync(path, Buffer.from(good.family, "utf16le")),
    zeros: (path) => writeFileSync(path, Buffer.alloc(100_000)),
    "one export behind another": (path) => writeFileSync(path, good.family + good.family),
    "many empty lines": (path) => writeFileSync(path, `${beginning}\n${"\n".repeat(300_000)}`),
    "a long line": (path) => writeFileSync(path, Buffer.alloc(long, 0x78)),
    "a long line behind a right beginning": (path) =>
      writeFileSync(path, `${beginning}\n"${"x".repeat(long)}`),
    "deep brackets": (path) => writeFileSync(path, "[".repeat(deep)),
    "deep brackets behind a right beginning": (path) =>
      writeFileSync(path, `${beginning}\n${"[".repeat(deep)}`),
    "deep objects": (path) => writeFileSync(path, `${beginning}\n${'{"sequence":'.repeat(deep)}`),
    "a number without end": (path) => writeFileSync(path, `${beginning}\n{"sequence":${"9".repeat(deep)}}\n`),
    "a folder": (path) => mkdirSync(path),
    "a pipe": (path) => execFileSync("mkfifo", [path]),
    "a link to nothing": (path) => symlinkSync("nothing", path),
    "a link to itself": (path) => symlinkSync(path, path),
    "a link to a folder": (path) => symlinkSync(".", path),
    "a link to a device without end": (path) => symlinkSync("/dev/zero", path),
    "a link to an export": (path) => symlinkSync("family.jsonl", path),
  };
}

type Maker = (path: string) => unknown;
