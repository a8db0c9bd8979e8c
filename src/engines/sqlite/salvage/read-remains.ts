/**
 * Reads what is left of a store's files without SQLite, which refuses a database that is damaged in the wrong
 * place, and drops commits from a damaged log. Knows the format of the files; must never write to them.
 */
import { statSync } from "node:fs";
import { ContextError } from "../../../core/errors.js";
import type { Remains } from "../../engine.js";
import { readAnchor } from "../anchor.js";
import { applicationId } from "../connect.js";
import { isOpenHere } from "../open-files.js";
import { type FileBytes, openBytes } from "./file-bytes.js";
import { PageImage } from "./page-image.js";
import { type Scan, scanPages } from "./scan-pages.js";

/**
 * Finds every event that lies in a store's files, whether or not anything leads to it.
 * @throws {ContextError} STORE_NOT_FOUND, STORE_FOREIGN, STORE_IN_USE, STORE_UNREACHABLE
 */
export function readRemains(store: string): Remains {
  requireClosedFile(store);
  const [database, log] = [openOf(store, ""), openOf(store, "-wal")];
  try {
    if (database.size + log.size === 0) {
      const why = "it is empty, and so is its log";
      throw new ContextError("STORE_FOREIGN", { store, why });
    }
    const image = new PageImage(database, log);
    const scan = scanPages(image);
    if (!database.isUnchanged() || !log.isUnchanged())
      throw new ContextError("STORE_IN_USE", { store, why: "it was written to while it was read" });
    requireOurs(store, database, scan);
    return remainsOf(store, image, scan);
  } finally {
    database.close();
    log.close();
  }
}

/** A log without its database is read, too. */
function requireClosedFile(store: string): void {
  const [stats, log] = [store, `${store}-wal`].map((file) => statSync(file, { throwIfNoEntry: false }));
  if (stats === undefined && log === undefined) throw new ContextError("STORE_NOT_FOUND", { store });
  if (stats !== undefined && !stats.isFile())
    throw new ContextError("STORE_FOREIGN", { store, why: "it is not a regular file" });
  if (isOpenHere(store)) throw new ContextError("STORE_IN_USE", { store, why: "this process has it open" });
}

function openOf(store: string, ending: string): FileBytes {
  try {
    return openBytes(store + ending);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ContextError("STORE_UNREACHABLE", { store, why }, { cause });
  }
}

/** A file is ours by its mark, or, where that is damaged, by what is in it. */
function requireOurs(store: string, database: FileBytes, { events, contexts, listed }: Scan): void {
  const header = database.read(0, 72);
  if (header.length === 72 && header.readUInt32BE(68) === applicationId) return;
  if (events.length > 0 || (contexts.length > 0 && listed.length > 0)) return;
  const why = "neither its mark nor anything in it is of one";
  throw new ContextError("STORE_FOREIGN", { store, why });
}

function remainsOf(source: string, image: PageImage, scan: Scan): Remains {
  const { events, contexts, listed } = scan;
  const anchor = readAnchor(source);
  const absent = Math.max(0, image.expectedCount - image.pageCount);
  const unread = scan.lostPages.filter((page) => page > 1);
  const damage = damageOf(image, scan, absent);
  if (anchor.is !== "head")
    damage.push(`the anchor is ${anchor.is}, so the newest events may be gone unseen`);
  return {
    source,
    events,
    contexts: contexts.filter(({ context }) => context > 0),
    listed,
    damage,
    // An event stands in two trees, so the loss of one page leaves a trace of it.
    mayHideEvents: anchor.is !== "head" || unread.length + absent > 1,
    anchor: anchor.is === "head" && anchor.head.position > 0 ? anchor.head : undefined,
  };
}

function damageOf(image: PageImage, { lostPages, worn }: Scan, absent: number): string[] {
  const { pageCount, unsoundFrames } = image;
  return [
    ...(image.isHeaderSound ? [] : ["the header of the database cannot be read"]),
    ...rangesOf(lostPages).map((pages) => `${pages} of the database cannot be read`),
    ...rangesOf(worn).map((pages) => `${pages} of the database can be read in part only`),
    ...(absent > 0 ? [`the database lacks its last pages, from page ${pageCount + 1} on: ${absent}`] : []),
    ...(unsoundFrames > 0 ? [`the log has frames whose checksum does not fit: ${unsoundFrames}`] : []),
  ];
}

/** Numbers in words, with those that follow each other put together. */
function rangesOf(pages: readonly number[]): string[] {
  const ranges: [from: number, to: number][] = [];
  for (const page of pages) {
    const last = ranges.at(-1);
    if (last?.[1] === page - 1) last[1] = page;
    else ranges.push([page, page]);
  }
  return ranges.map(([from, to]) => (from === to ? `page ${from}` : `pages ${from} to ${to}`));
}
