import type { FoundContext, FoundEvent, ListedEvent } from "../../engine.js";
import { type Cell, type Cells, pageKinds, readCell, readCells } from "./cells.js";
import { readContextRow, readEventRow, readIndexEntry } from "./found-rows.js";
import type { PageImage, PageVersion } from "./page-image.js";
import { type PageUse, useOf } from "./page-map.js";
import { type Column, readRecord } from "./record.js";

/** The rows that lie in a file, whatever leads to them. */
export interface Scan {
  readonly events: FoundEvent[];
  readonly contexts: FoundContext[];
  readonly listed: ListedEvent[];
  /** Pages that should be part of a table or index, and cannot be read as one. */
  readonly lostPages: number[];
  /** Pages that can be read in part. */
  readonly worn: number[];
}

/** Looks at every page by itself, so that no damage of what leads to a page hides it. */
export function scanPages(image: PageImage): Scan {
  const scan: Scan = { events: [], contexts: [], listed: [], lostPages: [], worn: [] };
  for (const page of image.pages) {
    const use = useOf(image, page);
    if (use === "map" || use === "free") continue;
    let isPast = false;
    for (const version of image.versions(page)) {
      const isWhole = scanVersion(image, { page, use, isPast, ...version }, scan);
      // What an older version still lists may have been deleted since; an event of it is proven or not.
      isPast ||= version.isCommitted && isWhole;
    }
    const state = stateOf(image, page, use);
    if (state === "lost") scan.lostPages.push(page);
    if (state === "worn") scan.worn.push(page);
  }
  return scan;
}

/** How much of a page that should be one of a tree can be read as one, in its newest version. */
function stateOf(image: PageImage, page: number, use: PageUse): "whole" | "worn" | "lost" {
  const newest = image.newest(page, { pending: false });
  if (newest === undefined) return "lost";
  // Without a map, anything but zeros may be what a page should hold.
  if (use !== "tree") return use === "unknown" && newest.every((byte) => byte === 0) ? "lost" : "whole";
  const cells = readCells(newest, page);
  if (cells === undefined) return "lost";
  return cells.isWhole ? "whole" : "worn";
}

interface ScannedVersion extends PageVersion {
  readonly page: number;
  readonly use: PageUse;
  /** Whether a newer version can be read. */
  readonly isPast: boolean;
}

/** Takes what a page held at some moment; tells whether the page accounts for all that is in it. */
function scanVersion(image: PageImage, version: ScannedVersion, scan: Scan): boolean {
  const cells = readCells(version.bytes, version.page);
  if (cells !== undefined) takeRows(image, version, cells, scan);
  const isWhole = cells?.isWhole === true;
  // What looks like a page that only leads to others may have been one with events.
  const mayHide = !isWhole || cells.kind === pageKinds.tableInterior;
  if (mayHide && version.use !== "overflow") carveEvents(image, version, scan);
  return isWhole;
}

function takeRows(image: PageImage, version: ScannedVersion, { kind, cells }: Cells, scan: Scan): void {
  const isPresent = version.isCommitted && !version.isPast;
  if (kind === pageKinds.tableInterior) return;
  for (const cell of cells) {
    const columns = recordOf(image, version, cell);
    if (columns === undefined) continue;
    if (cell.rowid === undefined) {
      const listed = readIndexEntry(columns);
      if (listed !== undefined && isPresent) scan.listed.push(listed);
      continue;
    }
    const event = readEventRow(cell.rowid, columns, version.isCommitted);
    if (event !== undefined) scan.events.push(event);
    const context = isPresent ? readContextRow(cell.rowid, columns) : undefined;
    if (context !== undefined) scan.contexts.push(context);
  }
}

/** The fewest and most bytes that the header of an event's record can have. */
const headerSizes = { least: 15, most: 64 } as const;

/**
 * Tries every place of a page as the beginning of an event. Its number is none of the record's columns, so the
 * first of them is always empty, which the text of another event never looks like.
 */
function carveEvents(image: PageImage, version: PageVersion, scan: Scan): void {
  const { bytes } = version;
  for (let at = 0; at < bytes.length; at += 1) {
    const cell = readCell(bytes, at, pageKinds.tableLeaf);
    if (cell?.rowid === undefined || cell.size <= headerSizes.least) continue;
    const header = bytes[cell.at] ?? 0;
    if (header < headerSizes.least || header > headerSizes.most || bytes[cell.at + 1] !== 0) continue;
    const columns = recordOf(image, version, cell);
    const event = columns && readEventRow(cell.rowid, columns, version.isCommitted);
    if (event !== undefined) scan.events.push(event);
  }
}

/** Reads a cell's record, from overflow pages, too. */
function recordOf(image: PageImage, version: PageVersion, cell: Cell): readonly Column[] | undefined {
  const { bytes, isCommitted } = version;
  const local = bytes.subarray(cell.at, cell.at + cell.local);
  if (cell.local === cell.size) return readRecord(local);
  const parts = [local];
  let left = cell.size - cell.local;
  let page = bytes.readUInt32BE(cell.at + cell.local);
  // More than the file holds is no record.
  if (left > image.pageSize * image.pageCount) return undefined;
  while (left > 0) {
    const next = page === 0 ? undefined : image.newest(page, { pending: !isCommitted });
    if (next === undefined) return undefined;
    parts.push(next.subarray(4, 4 + left));
    left -= next.length - 4;
    page = next.readUInt32BE(0);
  }
  return readRecord(Buffer.concat(parts));
}
