import { ContextError } from "../core/errors.js";
import type { PruneRequest } from "../workflows/prune/prune.js";
import type { Site } from "../workflows/site.js";
import { archivesIn } from "./archive-file.js";
import type { Attribution } from "./attribution.js";
import { checkFileName, checkFlag, checkObject, checkWhole } from "./check-option.js";
import { type Address, pointOf } from "./point.js";

/** What is pruned, and where it goes. */
export interface PruneOptions extends Attribution {
  /** What lies before this point goes; the point itself, and all behind it, stays. */
  readonly before?: Address;
  readonly keep?: {
    /** So many of the newest versions stay, whatever `before` says. */
    readonly versions?: number;
    /** Whether the states of listed snapshots stay, or of pinned ones alone. Default: true. */
    readonly snapshots?: boolean | "pinned";
  };
  /** The folder of the archives; `false` throws away what goes. Default: the store's file name with `.archive`. */
  readonly archive?: string | false;
  /** Only tells what would go. */
  readonly dryRun?: boolean;
}

/**
 * Takes in what is to be pruned.
 * @throws {ContextError} OPTION_INVALID, ADDRESS_INVALID
 */
export function takePruning(site: Site, options: PruneOptions): Omit<PruneRequest, "isLenient"> {
  const { before, keep = {}, archive, dryRun = false } = checkObject("options", options);
  const { versions, snapshots = true } = checkObject("keep", keep);
  checkWhole("keep.versions", versions);
  if (snapshots !== "pinned") checkFlag("keep.snapshots", snapshots);
  checkFlag("dryRun", dryRun);
  if (before === undefined && versions === undefined)
    throw invalid("before", 'neither it nor "keep.versions" says how much is to go');
  if (versions === 0) throw invalid("keep.versions", "the present version always stays; keep 1 or more");
  const point = before === undefined ? undefined : pointOf(before);
  return {
    rule: { before: point, versions, snapshots },
    placeArchive: archive === false ? () => undefined : archivesIn(folderOf(site, archive), site),
    isDryRun: dryRun,
  };
}

function folderOf({ engine }: Site, archive: string | undefined): string {
  if (archive !== undefined) return checkFileName("archive", archive);
  if (engine.name !== "memory") return `${engine.location}.archive`;
  throw invalid("archive", "a store in memory has no place for archives; name a folder, or false");
}

function invalid(option: string, why: string): ContextError {
  return new ContextError("OPTION_INVALID", { option, why });
}
