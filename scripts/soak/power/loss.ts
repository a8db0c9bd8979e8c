import type { Random } from "../random.js";
import type { Change, Pending } from "./disk.js";

/** Disks write a sector whole or not at all. */
const sectorBytes = 512;

/**
 * What a power cut did to one change: `grown` is a write of which only the new size of the file arrived, `torn`
 * one of which some sectors did.
 */
export type Fate = "kept" | "lost" | "grown" | "torn";

/** One way in which a power cut may treat everything that is pending. */
export interface Loss {
  readonly what: string;
  readonly fates: readonly Fate[];
}

type Choose = (fates: readonly Fate[], pending: readonly Pending[]) => Loss;

/** The ways that are the same however much is pending. */
const whole: readonly Choose[] = [
  (fates) => ({ what: "all arrived", fates: fates.map(() => "kept") }),
  (fates, pending) => ({
    what: "all entries arrived, no content",
    fates: fates.map((_, at) => (pending[at]?.inode === undefined ? "kept" : "lost")),
  }),
  (fates, pending) => ({
    what: "all content arrived, no entries",
    fates: fates.map((_, at) => (pending[at]?.inode === undefined ? "lost" : "kept")),
  }),
  (fates) => ({ what: "files grew, no content arrived", fates: fates.map(() => "grown") }),
];

/** The ways that single out one change. */
const single: readonly ((place: number, fates: readonly Fate[]) => readonly Fate[])[] = [
  (place, fates) => fates.map((_, at) => (at === place ? "lost" : "kept")),
  (place, fates) => fates.map((_, at) => (at === place ? "kept" : "lost")),
  (place, fates) => fates.map((_, at) => (at <= place ? "kept" : "lost")),
  (place, fates) => fates.map((_, at) => (at === place ? "torn" : "kept")),
  (place, fates) => fates.map((_, at) => (at < place ? "kept" : at === place ? "torn" : "lost")),
  (place, fates) => fates.map((_, at) => (at === place ? "grown" : "kept")),
];
const names = ["all but", "only", "all up to", "all, torn", "all before, torn", "all, grown but empty"];

const anyFates: readonly Fate[] = ["kept", "kept", "kept", "lost", "lost", "torn", "grown"];

/** The loss of everything that is pending, which leaves what was flushed. */
export function loseAll(pending: readonly Pending[]): Loss {
  return { what: "nothing arrived", fates: pending.map(() => "lost") };
}

/** Chooses ways at random: a fifth treats every change by chance, the rest are those of a careful enemy. */
export function chooseLoss(pending: readonly Pending[], random: Random): Loss {
  const fates = pending.map((): Fate => "lost");
  if (random.chance(0.2)) {
    return { what: "by chance", fates: fates.map(() => random.pick(anyFates)) };
  }
  if (random.chance(0.15)) return random.pick(whole)(fates, pending);
  const [place, way] = [random.below(pending.length), random.below(single.length)];
  return {
    what: `${names[way] ?? ""} #${pending[place]?.deed ?? 0}`,
    fates: single[way]?.(place, fates) ?? fates,
  };
}

/** What of a change reached the disk, as changes. */
export function arrived(change: Change, fate: Fate, random: Random): readonly Change[] {
  if (fate === "kept") return [change];
  if (fate === "lost" || change.kind === "truncate") return [];
  if (fate === "grown") {
    const end = change.offset + change.data.length;
    return [{ kind: "write", offset: end, data: Buffer.alloc(0) }];
  }
  return sectorsOf(change).filter(() => random.chance(0.5));
}

function sectorsOf({ offset, data }: Change & { kind: "write" }): readonly Change[] {
  const sectors: Change[] = [];
  for (let at = 0; at < data.length;) {
    const until = Math.min(data.length, at + sectorBytes - ((offset + at) % sectorBytes));
    sectors.push({ kind: "write", offset: offset + at, data: data.subarray(at, until) });
    at = until;
  }
  return sectors;
}
