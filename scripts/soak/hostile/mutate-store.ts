import type { Random } from "../random.js";

const headBytes = 100;
const pageBytes = 4_096;

/** Changes the bytes of a database that somebody has in hand; gives them, and what was done. */
export function mutateStore(good: Buffer, random: Random): { readonly bytes: Buffer; readonly what: string } {
  const bytes = Buffer.from(good);
  const what = random.pick(Object.keys(ways));
  const cut = ways[what]?.(bytes, random);
  return { bytes: cut ?? bytes, what };
}

const ways: Readonly<Record<string, (bytes: Buffer, random: Random) => Buffer | undefined>> = {
  "bytes of the header changed": (bytes, random) => {
    for (let left = 1 + random.below(3); left > 0; left -= 1)
      bytes[16 + random.below(headBytes - 16)] = random.below(256);
    return undefined;
  },
  "a field of the header set to an extreme": (bytes, random) => {
    const value = random.pick([0, 1, 2, 512, 65_536, 0x7fffffff, 0x80000000, 0xffffffff]);
    bytes.writeUInt32BE(value, random.pick([16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 68, 92, 96]));
    return undefined;
  },
  "a page of noise": (bytes, random) => {
    const page = pageOf(bytes, random);
    for (let place = 0; place < pageBytes; place += 1) page[place] = random.below(256);
    return undefined;
  },
  "a page in another's place": (bytes, random) => {
    pageOf(bytes, random).copy(pageOf(bytes, random));
    return undefined;
  },
  "the head of a page changed": (bytes, random) => {
    pageOf(bytes, random)[random.below(12)] = random.below(256);
    return undefined;
  },
  "cut to any length": (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  "nothing but noise": (bytes, random) => {
    for (let place = 0; place < bytes.length; place += 1) bytes[place] = random.below(256);
    return undefined;
  },
};

/** Any page, the first one with its header left aside. */
function pageOf(bytes: Buffer, random: Random): Buffer {
  const start = pageBytes * random.below(bytes.length / pageBytes);
  return bytes.subarray(start === 0 ? headBytes : start, start + pageBytes);
}
