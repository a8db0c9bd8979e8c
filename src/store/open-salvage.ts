import { ContextError } from "../core/errors.js";
import type { ValueClass } from "../core/value/codec.js";
import { resolveStorePath } from "../engines/sqlite/file.js";
import { readRemains } from "../engines/sqlite/salvage/read-remains.js";
import { SalvageTarget } from "../engines/sqlite/salvage/salvage-target.js";
import { openSqliteEngine } from "../engines/sqlite/open-sqlite-engine.js";
import type { Program } from "../program/program.js";
import type { Site } from "../workflows/site.js";
import type { Host } from "../workflows/workplace.js";
import { salvage, type SalvageReport } from "../workflows/salvage/salvage.js";
import { type Attribution, unattributed } from "./attribution.js";
import { checkObject } from "./check-option.js";
import { type Compression, compressOverBytes } from "./compression.js";
import { createCore } from "./create-core.js";
import { writeFileAtomically } from "./export-file.js";
import { createHost } from "./host.js";
import { isFileOfStore } from "./is-file-of-store.js";
import { originOf } from "./write-options.js";

/** How a salvage is done, and who does it. */
export interface SalvageOptions extends Attribution {
  /** Classes whose instances the store may hold. */
  readonly classes?: readonly ValueClass[];
  /** As for `openStore`: how the new store is written; the old one is read either way. */
  readonly compression?: Compression;
  /** The clock, in ms since the epoch. Default: the machine's. */
  readonly now?: () => number;
}

/** What a salvage made, and what it could not recover. */
export interface Salvage extends SalvageReport {
  /** The full path of the new store. */
  readonly file: string;
  /** Events that were found and have no place in the new store, and the file that keeps them for people to read. */
  readonly unplaced: { readonly events: number; readonly file: string | undefined };
}

/**
 * Recovers every event of a damaged store that still verifies into a new store, and says what it could not. The
 * damaged files are only read; nobody may have the store open meanwhile.
 * @example const { isComplete, contexts } = salvageStore("broken.db", "salvaged.db");
 * @throws {ContextError} STORE_NOT_FOUND, STORE_FOREIGN, STORE_IN_USE, STORE_UNREACHABLE, SALVAGE_EXISTS,
 *   CLASS_UNKNOWN, EXPORT_UNWRITABLE, OPTION_INVALID
 */
export function salvageStore(from: string, into: string, options: SalvageOptions = {}): Salvage {
  const { classes = [], now, compression } = checkObject("options", options);
  const overBytes = compressOverBytes(compression);
  const host = createHost(now);
  const origin = originOf(options, unattributed);
  const source = resolveStorePath(from, "from");
  const file = resolveStorePath(into, "into");
  if (isFileOfStore(file, source))
    throw new ContextError("EXPORT_UNWRITABLE", { target: file, why: "it is a file of the store itself" });
  const target = new SalvageTarget(file, host.newId());
  const remains = readRemains(source);
  try {
    const work = (site: Site) => salvage(site, remains, origin);
    const { report, unplaced } = fill(target.draft, host, work, { classes, overBytes });
    const unplacedFile = writeUnplaced(target.unplacedFile, unplaced, host.newId());
    target.putInPlace();
    const events = Math.max(0, unplaced.length - 1);
    return Object.freeze({ file, ...report, unplaced: { events, file: unplacedFile } });
  } finally {
    target.discard();
  }
}

type Filled = ReturnType<typeof salvage> extends Program<infer Result> ? Result : never;

/** Makes the new store, and lets go of it: whoever opens it next finds it closed. */
function fill(
  file: string,
  host: Host,
  work: (site: Site) => Program<Filled>,
  { classes, overBytes }: { readonly classes: readonly ValueClass[]; readonly overBytes: number | undefined },
): Filled {
  const { engine } = openSqliteEngine(file, {
    durability: "full",
    mode: "open-or-create",
    behind: "refuse",
    networkDisk: "refuse",
    lockTimeoutMs: 30_000,
    now: host.now,
    unique: host.newId,
    compressOverBytes: overBytes,
    onAnchorFailure: (why) => {
      throw new ContextError("EXPORT_UNWRITABLE", { target: file, why });
    },
  });
  try {
    return engine.run(work(createCore(engine, host, { classes }).site));
  } finally {
    void engine.close();
  }
}

function writeUnplaced(file: string, lines: readonly string[], unique: string): string | undefined {
  if (lines.length === 0) return undefined;
  const draft = writeFileAtomically(file, unique);
  try {
    lines.forEach(draft.writeLine);
    draft.finish();
    return file;
  } finally {
    draft.discard();
  }
}
