import { z } from "zod";
import type { Point } from "./address.js";
import type { Entry } from "./state.js";

/** What went in one pruning, and where it can be read; in the scope "archive", under the events' numbers. */
const archive = z.looseObject({
  /** The first and the last event that went; the last one is the floor, whose state stays. */
  from: z.int().positive(),
  to: z.int().positive(),
  /** Of the floor. */
  version: z.int().nonnegative(),
  time: z.int(),
  events: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** The file as it was named, and the digest of its bytes; null where none was kept. */
  file: z.string().nullable(),
  /** The way to it from the store's folder, where it lies in there: so it is found when both were moved. */
  beside: z.string().optional(),
  sha256: z.string().nullable(),
});
export type Archive = z.infer<typeof archive>;

/** A file as it was named, and the way to it from the store's folder where it lies in there. */
export interface ArchiveLocation {
  readonly file: string;
  readonly beside?: string | undefined;
}

/** The name under which a context keeps what it knows of an archive. */
export function archiveKey({ from, to }: Pick<Archive, "from" | "to">): string {
  return `${from}-${to}`;
}

/** Reads what is kept of an archive; what was erased or damaged tells nothing. */
export function archiveOf({ value }: Pick<Entry, "value">): Archive | undefined {
  return archive.safeParse(value).data;
}

/** The archive that has a point below the floor; the oldest that reaches up to it. */
export function archiveAt(archives: readonly Archive[], point: Point): Archive | undefined {
  const ascending = [...archives].sort((a, b) => a.to - b.to);
  switch (point.kind) {
    case "version":
      return ascending.find(({ version }) => version >= point.version);
    case "sequence":
      return ascending.find(({ to }) => to >= point.sequence);
    case "time":
      return ascending.find(({ time }) => time >= point.time);
    case "latest":
    case "back":
    case "snapshot":
      return ascending.at(-1);
  }
}
