import { basename } from "node:path";
import type { Deed } from "./trace.js";

/** A change to a file's content that a power cut may undo. */
export type Change =
  | { readonly kind: "write"; readonly offset: number; readonly data: Buffer }
  | { readonly kind: "truncate"; readonly size: number };

/** A file apart from its names: what certainly is on the disk. */
export interface Inode {
  durable: Buffer;
}

/** A change to the folder's entries; of a rename, both halves happen or neither. */
interface Entries {
  readonly kind: "entries";
  readonly removes: readonly string[];
  readonly puts: readonly (readonly [string, Inode])[];
}

/** What was done since it was last made durable, in order. */
export interface Pending {
  /** The number of the deed in the trace. */
  readonly deed: number;
  /** The name of the file, or "folder". */
  readonly file: string;
  /** The file whose content changes; undefined where it is the folder. */
  readonly inode: Inode | undefined;
  readonly change: Change | Entries;
}

/** What a disk is like when the trace begins. */
export interface DiskOptions {
  /** Says that it flushed, and did not. */
  readonly lies?: boolean;
  /** What the folder holds already. */
  readonly start?: ReadonlyMap<string, Buffer>;
}

/**
 * What a disk holds while a traced process works: what a flush made durable, and what is still on its way. A
 * flush of a file covers its content and size, a flush of the folder the names. After a flush that failed,
 * what was on its way to that file is gone, though the process can still read it; names just stay undecided.
 */
export class Disk {
  readonly #lies: boolean;
  readonly #durableNames = new Map<string, Inode>();
  readonly #names = new Map<string, Inode>();
  /** The folder's own descriptors lead to no file. */
  readonly #open = new Map<number, { readonly inode: Inode | undefined; readonly name: string }>();
  #pending: Pending[] = [];

  constructor({ lies = false, start = new Map() }: DiskOptions) {
    this.#lies = lies;
    for (const [name, durable] of start) this.#durableNames.set(name, { durable });
    for (const [name, inode] of this.#durableNames) this.#names.set(name, inode);
  }

  /** What has been done and is not durable. */
  get pending(): readonly Pending[] {
    return this.#pending;
  }

  /** What a descriptor is open on: the name of a file, or "folder". */
  fileOf(descriptor: number): string {
    const { inode, name } = this.#openOn(descriptor);
    return inode === undefined ? "folder" : name;
  }

  /** The names that are durable. */
  get names(): ReadonlyMap<string, Inode> {
    return this.#durableNames;
  }

  /** Takes in the next deed of the trace. */
  follow(deed: Deed, number: number): void {
    switch (deed.kind) {
      case "open":
        this.#follow(deed, number);
        return;
      case "close":
        this.#open.delete(deed.descriptor);
        return;
      case "write":
      case "truncate":
        this.#change(deed, number);
        return;
      case "sync":
        if (!this.#lies) this.#sync(deed);
        return;
      case "unlink":
        this.#enter({ number, removes: [basename(deed.path)], puts: [] });
        return;
      case "link":
        this.#enter({ number, removes: [], puts: [[basename(deed.to), this.#inodeAt(deed.path)]] });
        return;
      case "rename":
        this.#enter({
          number,
          removes: [basename(deed.path)],
          puts: [[basename(deed.to), this.#inodeAt(deed.path)]],
        });
        return;
      case "said":
        return;
    }
  }

  #follow(deed: Deed & { kind: "open" }, number: number): void {
    const name = basename(deed.path);
    if (deed.creates) this.#enter({ number, removes: [], puts: [[name, { durable: Buffer.alloc(0) }]] });
    const inode = this.#names.get(name);
    this.#open.set(deed.descriptor, { inode, name });
    if (deed.empties && !deed.creates) {
      this.#change({ kind: "truncate", descriptor: deed.descriptor, size: 0 }, number);
    }
  }

  #change(deed: Deed & { kind: "write" | "truncate" }, number: number): void {
    const { inode, name } = this.#openOn(deed.descriptor);
    if (inode === undefined) throw new Error(`The trace changes ${name}, which is not a file it knows.`);
    this.#pending.push({ deed: number, file: name, inode, change: deed });
  }

  #sync({ descriptor, failed }: Deed & { kind: "sync" }): void {
    const { inode } = this.#openOn(descriptor);
    const isCovered = (one: Pending) => one.inode === inode;
    if (inode === undefined) {
      if (failed) return;
      for (const { change } of this.#pending) enter(this.#durableNames, change);
    } else if (!failed) {
      inode.durable = changed(inode.durable, this.#pending.filter(isCovered));
    }
    this.#pending = this.#pending.filter((one) => !isCovered(one));
  }

  #enter(given: Omit<Entries, "kind"> & { readonly number: number }): void {
    const { number, ...rest } = given;
    const change: Entries = { kind: "entries", ...rest };
    enter(this.#names, change);
    this.#pending.push({ deed: number, file: "folder", inode: undefined, change });
  }

  #openOn(descriptor: number) {
    const found = this.#open.get(descriptor);
    if (found === undefined) throw new Error(`The trace uses descriptor ${descriptor} without opening it.`);
    return found;
  }

  #inodeAt(path: string): Inode {
    const inode = this.#names.get(basename(path));
    if (inode === undefined) throw new Error(`The trace moves ${path}, which is not there.`);
    return inode;
  }
}

/** Makes a change to names; others are none of its business. */
export function enter(names: Map<string, Inode>, change: Change | Entries): void {
  if (change.kind !== "entries") return;
  for (const name of change.removes) names.delete(name);
  for (const [name, inode] of change.puts) names.set(name, inode);
}

function changed(content: Buffer, pending: readonly Pending[]): Buffer {
  return applyChanges(
    content,
    pending.flatMap(({ change }) => (change.kind === "entries" ? [] : [change])),
  );
}

/** Gives a content with changes made to it, in order. */
export function applyChanges(content: Buffer, changes: readonly Change[]): Buffer {
  if (changes.length === 0) return content;
  const reach = changes.map((change) =>
    change.kind === "write" ? change.offset + change.data.length : change.size,
  );
  const result = Buffer.alloc(Math.max(content.length, ...reach));
  content.copy(result);
  let size = content.length;
  for (const change of changes) {
    if (change.kind === "write") {
      change.data.copy(result, change.offset);
      size = Math.max(size, change.offset + change.data.length);
    } else {
      result.fill(0, change.size);
      size = change.size;
    }
  }
  return result.subarray(0, size);
}
