import type { Random } from "./random.js";

/** The files of a store, by what their names end with. */
export type StoreFiles = Readonly<Record<"" | "-wal" | "-anchor", Buffer | undefined>>;

const pageBytes = 4096;
const sectorBytes = 512;

/** One way to damage a file; what it gives stands in the file's place. */
type Damage = (bytes: Buffer, random: Random) => Buffer;

const damages: Readonly<Record<string, Damage>> = {
  "flipped bit": flipBit,
  "flipped bits": (bytes, random) => {
    for (let count = 2 + random.below(30); count > 0; count -= 1) flipBit(bytes, random);
    return bytes;
  },
  "zeroed page": (bytes, random) => fillPart(bytes, random, pageBytes, 0),
  "zeroed sector": (bytes, random) => fillPart(bytes, random, sectorBytes, 0),
  "torn sector": (bytes, random) => fillPart(bytes, random, sectorBytes, 1 + random.below(255)),
  "zeroed header": (bytes) => bytes.fill(0, 0, 100),
  "cut short": (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  "one page in another's place": (bytes, random) => {
    const pages = Math.floor(bytes.length / pageBytes);
    if (pages < 2) return bytes;
    const [from, to] = [random.below(pages) * pageBytes, random.below(pages) * pageBytes];
    bytes.copy(bytes, to, from, from + pageBytes);
    return bytes;
  },
};

/** Damages copies of a store's files in one to three ways; tells of them in words. */
export function damageFiles(
  files: StoreFiles,
  random: Random,
): { readonly files: StoreFiles; readonly what: string } {
  const damaged = { ...files };
  const told: string[] = [];
  for (let count = 1 + random.below(3); count > 0; count -= 1) {
    const ending = random.pick(endings.filter((one) => (damaged[one]?.length ?? 0) > 0));
    const bytes = damaged[ending];
    if (bytes === undefined) continue;
    if (ending === "-wal" && random.chance(0.1)) {
      damaged[ending] = undefined;
      told.push("lost -wal");
      continue;
    }
    const name = random.pick(Object.keys(damages));
    damaged[ending] = damages[name]?.(Buffer.from(bytes), random);
    told.push(`${name} in db${ending}`);
  }
  return { files: damaged, what: told.join(", ") };
}

/** Mostly the database and its log; the anchor is small. */
const endings = ["", "", "", "-wal", "-wal", "-anchor"] as const;

function flipBit(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  return bytes;
}

function fillPart(bytes: Buffer, random: Random, size: number, value: number): Buffer {
  const at = random.below(Math.ceil(bytes.length / size)) * size;
  return bytes.fill(value, at, Math.min(bytes.length, at + size));
}
