import type { PageImage } from "./page-image.js";

/** What the file says that a page is for: a file that can shrink keeps account of that. */
export type PageUse = "tree" | "free" | "overflow" | "map" | "unknown";

const entryBytes = 5;
/** Of the roots of trees, and of their other pages; of free pages; of first and later overflow pages. */
const uses: Readonly<Record<number, PageUse>> = {
  1: "tree",
  5: "tree",
  2: "free",
  3: "overflow",
  4: "overflow",
};

/** Says what a page is for, by the map pages that every store's file has. */
export function useOf(image: PageImage, page: number): PageUse {
  if (page === 1) return "tree";
  const perMap = Math.floor(image.pageSize / entryBytes) + 1;
  const map = Math.floor((page - 2) / perMap) * perMap + 2;
  if (page === map) return "map";
  const entry = image.newest(map, { pending: false })?.[(page - map - 1) * entryBytes];
  return uses[entry ?? 0] ?? "unknown";
}
