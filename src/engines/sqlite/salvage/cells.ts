import { readVarint } from "./varint.js";

/** Where in a page a record begins, how long it is, and how much of it lies in the page itself. */
export interface Cell {
  readonly rowid: number | undefined;
  readonly size: number;
  readonly at: number;
  readonly local: number;
  /** Where the cell ends, with the number of its first overflow page if it has one. */
  readonly end: number;
}

/** The kinds of pages of a b-tree that hold records, or lead to those that do. */
export const pageKinds = { indexInterior: 2, tableInterior: 5, indexLeaf: 10, tableLeaf: 13 } as const;
export type PageKind = (typeof pageKinds)[keyof typeof pageKinds];

/** The cells of a page of a b-tree. */
export interface Cells {
  readonly kind: PageKind;
  readonly cells: readonly Cell[];
  /** Whether the page accounts for each of its bytes, so that there is nothing in it but these cells. */
  readonly isWhole: boolean;
}

/** Finds the cells of a page; undefined where it is no page of a b-tree. The first page has the file's header. */
export function readCells(page: Buffer, number: number): Cells | undefined {
  const header = number === 1 ? 100 : 0;
  const kind = Object.values(pageKinds).find((one) => one === page[header]);
  if (kind === undefined) return undefined;
  const isLeaf = kind === pageKinds.indexLeaf || kind === pageKinds.tableLeaf;
  const pointers = header + (isLeaf ? 8 : 12);
  const count = Math.min(page.readUInt16BE(header + 3), Math.floor((page.length - pointers) / 2));
  const cells: Cell[] = [];
  let used = 0;
  for (let index = 0; index < count; index += 1) {
    const at = page.readUInt16BE(pointers + 2 * index);
    const cell = readCell(page, at, kind);
    if (cell === undefined) continue;
    cells.push(cell);
    used += Math.max(4, cell.end - at);
  }
  const content = page.readUInt16BE(header + 5) || 65_536;
  const free = freeBytes(page, header);
  const isWhole =
    cells.length === page.readUInt16BE(header + 3) &&
    content >= pointers + 2 * count &&
    used + free === page.length - content;
  return { kind, cells, isWhole };
}

/** Reads the cell that begins at a place, if one can begin there. */
export function readCell(page: Buffer, at: number, kind: PageKind): Cell | undefined {
  if (kind === pageKinds.tableInterior) {
    const rowid = readVarint(page, at + 4);
    return rowid && { rowid: rowid.value, size: 0, at: rowid.next, local: 0, end: rowid.next };
  }
  const size = readVarint(page, kind === pageKinds.indexInterior ? at + 4 : at);
  if (size === undefined) return undefined;
  if (kind !== pageKinds.tableLeaf) return cellOf(page, kind, size.value, size.next);
  const rowid = readVarint(page, size.next);
  return rowid && cellOf(page, kind, size.value, rowid.next, rowid.value);
}

function cellOf(page: Buffer, kind: PageKind, size: number, at: number, rowid?: number): Cell | undefined {
  const local = localBytes(size, page.length, kind);
  const end = at + local + (local < size ? 4 : 0);
  return end > page.length ? undefined : { rowid, size, at, local, end };
}

/** How much of a record stays in its page; the rest goes to overflow pages. */
function localBytes(size: number, usable: number, kind: PageKind): number {
  const most = kind === pageKinds.tableLeaf ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  if (size <= most) return size;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((size - least) % (usable - 4));
  return fitting <= most ? fitting : least;
}

/** Bytes between the cells: those in the chain of free blocks, and fragments too small for it. */
function freeBytes(page: Buffer, header: number): number {
  let free = page[header + 7] ?? 0;
  let block = page.readUInt16BE(header + 1);
  for (let steps = 0; block !== 0 && block + 4 <= page.length && steps < page.length / 4; steps += 1) {
    free += page.readUInt16BE(block + 2);
    const next = page.readUInt16BE(block);
    if (next !== 0 && next <= block) return -1;
    block = next;
  }
  return free;
}
