import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";

/** What the names of the files of a store end with. */
export const endings = ["", "-wal", "-shm", "-anchor"] as const;
export type Ending = (typeof endings)[number];

/** The files of a store that nobody has open; one that is not there is undefined. */
export type StoreFiles = Readonly<Record<Ending, Buffer | undefined>>;

/** Reads them. */
export function readFiles(path: string): StoreFiles {
  const read = (ending: Ending) => (existsSync(path + ending) ? readFileSync(path + ending) : undefined);
  return { "": read(""), "-wal": read("-wal"), "-shm": read("-shm"), "-anchor": read("-anchor") };
}

/** Puts them in the place of what is there. */
export function putFiles(path: string, files: StoreFiles): void {
  rmSync(`${path}-journal`, { force: true });
  for (const ending of endings) {
    const content = files[ending];
    if (content === undefined) rmSync(path + ending, { force: true });
    else writeFileSync(path + ending, content);
  }
}
