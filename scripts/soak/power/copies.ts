import { join } from "node:path";
import { openMemoryStore, openStore } from "../../../src/index.js";
import type { Image } from "./image.js";

/** What copies of a store are called in a traced folder, and what a process says once one is made. */
export const copies = { backup: "copy.db", export: "saved.json" } as const;

/**
 * Gives the copies that are in a folder. One that has its name is whole, acknowledged or not.
 * @throws {Error} if one is not
 */
export function openCopies(folder: string, image: Pick<Image, "has">): readonly string[] {
  const found = Object.values(copies).filter((name) => image.has(name));
  if (image.has(copies.backup)) checkBackup(join(folder, copies.backup));
  if (image.has(copies.export)) {
    using memory = openMemoryStore();
    memory.load(join(folder, copies.export));
  }
  return found;
}

function checkBackup(file: string): void {
  using backup = openStore(file, { create: false });
  const [fault] = backup.verify().faults;
  if (fault !== undefined) throw new Error(`The backup is not sound: ${fault.why}`);
}
