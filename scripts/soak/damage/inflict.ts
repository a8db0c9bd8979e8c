import type { Random } from "../random.js";
import { type Ending, endings, type StoreFiles } from "./files.js";
import type { Specimens } from "./specimen.js";

/** A way of damaging a store: the files as they are then, and what was done, in words. */
export interface Damaged {
  readonly files: StoreFiles;
  readonly what: string;
}

/** Flips one bit of one file. */
export function flip(files: StoreFiles, ending: Ending, bit: number): Damaged {
  const content = Buffer.from(files[ending] ?? []);
  const place = bit >> 3;
  content[place] = (content[place] ?? 0) ^ (1 << (bit & 7));
  return { files: { ...files, [ending]: content }, what: `bit ${bit} of runs.db${ending}` };
}

/** Flips any bit of a file. */
export function flipAny(files: StoreFiles, ending: Ending, random: Random): Damaged {
  return flip(files, ending, random.below(8 * (files[ending]?.length ?? 1)));
}

/** Cuts one of the files short: at a border of its pages, or anywhere. */
export function cutAny(files: StoreFiles, random: Random): Damaged {
  const ending = random.pick(endings);
  const whole = files[ending] ?? Buffer.alloc(0);
  const anywhere = random.below(whole.length);
  const length = random.chance(0.5) ? anywhere : anywhere - (anywhere % pageSize);
  return {
    files: { ...files, [ending]: whole.subarray(0, length) },
    what: `runs.db${ending} cut to ${length}`,
  };
}

/** Overwrites a page of the database with zeros. */
export function zeroPage({ ...files }: StoreFiles, random: Random): Damaged {
  const content = Buffer.from(files[""] ?? []);
  const page = random.below(content.length / pageSize);
  content.fill(0, page * pageSize, (page + 1) * pageSize);
  return { files: { ...files, "": content }, what: `page ${page + 1} zeroed` };
}

/** Files that are not there, are empty, or are those of another store or of an earlier moment; every mixture. */
export function mixtures({ store, older, other }: Specimens): readonly Damaged[] {
  const empty = Buffer.alloc(0);
  const sources = {
    own: store,
    older,
    other,
    none: {},
    empty: Object.fromEntries(endings.map((e) => [e, empty])),
  };
  const choices = Object.keys(sources) as (keyof typeof sources)[];
  const made = endings.reduce<readonly (readonly (keyof typeof sources)[])[]>(
    (mixed) => mixed.flatMap((mixture) => choices.map((choice) => [...mixture, choice])),
    [[]],
  );
  return made.filter(isTold).map((mixture) => ({
    files: Object.fromEntries(
      endings.map((ending, index) => [ending, (sources[mixture[index] ?? "own"] as StoreFiles)[ending]]),
    ) as StoreFiles,
    what: endings.map((ending, index) => `runs.db${ending} ${mixture[index] ?? ""}`).join(", "),
  }));
}

/**
 * A whole store, of another name or an earlier moment, that was put in the place of this one cannot be told from it
 * by its own files. What the older one had in its database is the same here, so its log and anchor make it whole.
 */
function isTold([database, log, , anchor]: readonly string[]): boolean {
  if (anchor === "older") return database === "own" && log === "own";
  return anchor !== database || anchor === "own";
}

const pageSize = 4_096;
