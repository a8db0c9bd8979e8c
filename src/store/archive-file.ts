import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { ArchiveLocation } from "../core/archive.js";
import { writing } from "../core/writing.js";
import type { ArchiveFile, PlaceArchive } from "../workflows/prune/archive-part.js";
import type { Site } from "../workflows/site.js";
import type { Host } from "../workflows/workplace.js";
import { syncFolderOf } from "./sync-folder.js";
import { readMembers, writeMember } from "./gzip-members.js";

/** Text that is compressed at once. */
const memberCharacters = 1 << 20;

/** Archives are exports, one line an event, compressed. */
const ending = ".jsonl.gz";

/** Characters of a context's id that go into the name of a file. */
const longestName = 120;

/** Finds the places of archives in a folder, which is made when it is needed. */
export function archivesIn(folder: string, { engine, host }: Pick<Site, "engine" | "host">): PlaceArchive {
  const { newId, digest } = host;
  const home = engine.name === "memory" ? undefined : dirname(engine.location);
  return ({ context, from, to }) => {
    const file = join(folder, `${fileName(context, digest)}-${from}-${to}`);
    return { file: `${file}${ending}`, open: () => new ArchiveDraft(file, home, newId()) };
  };
}

/** A name that no file system refuses, and that no other id has. */
function fileName(context: string, digest: Host["digest"]): string {
  const name = encodeURIComponent(context).replace(
    /[.*'()~!]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  const isPlain = name.length <= longestName && name === name.toLowerCase();
  return isPlain ? name : `${name.slice(0, longestName)}-${digest(context).slice(0, 8)}`;
}

/** An archive in the making. */
class ArchiveDraft implements ArchiveFile {
  readonly #file: string;
  readonly #home: string | undefined;
  readonly #draft: string;
  readonly #descriptor: number;
  readonly #plain = createHash("sha256");
  readonly #packed = createHash("sha256");
  #pending = "";
  #isOpen = true;
  #sha256 = "";
  #kept: string | undefined;

  /** `file` is its name without its ending; `home` the store's folder, where there is one. */
  constructor(file: string, home: string | undefined, unique: string) {
    this.#file = file;
    this.#home = home;
    this.#draft = `${file}${ending}.${unique}.new`;
    this.#descriptor = writing(file, () => {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      return openSync(this.#draft, "wx+", 0o600);
    });
  }

  readonly writeLine = (line: string): void => {
    this.#pending += `${line}\n`;
    if (this.#pending.length >= memberCharacters) this.#flush();
  };

  readonly finish = (): string => {
    this.#flush();
    writing(this.#file, () => {
      fsyncSync(this.#descriptor);
      requireSame(this.#descriptor, this.#plain.digest("hex"));
      this.#close();
    });
    this.#sha256 = this.#packed.digest("hex");
    return this.#sha256;
  };

  readonly keep = (): ArchiveLocation => {
    const { file, isNew } = writing(this.#file, () => putInPlace(this.#draft, this.#file, this.#sha256));
    if (isNew) this.#kept = file;
    return { file, beside: this.#home && wayFrom(this.#home, file) };
  };

  readonly discard = (): void => {
    this.#close();
    rmSync(this.#draft, { force: true });
    if (this.#kept !== undefined) rmSync(this.#kept, { force: true });
  };

  #flush(): void {
    const bytes = writeMember(this.#pending);
    this.#plain.update(this.#pending);
    this.#packed.update(bytes);
    this.#pending = "";
    writing(this.#file, () => {
      for (let written = 0; written < bytes.length;) written += writeSync(this.#descriptor, bytes, written);
    });
  }

  #close(): void {
    if (this.#isOpen) closeSync(this.#descriptor);
    this.#isOpen = false;
  }
}

/** The way from a folder to a file in it, in signs that every system understands; undefined where it lies outside. */
function wayFrom(folder: string, file: string): string | undefined {
  const way = relative(folder, resolve(file));
  const isInside = way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  return isInside ? way.split(sep).join("/") : undefined;
}

/** What is about to be deleted elsewhere must be there. */
function requireSame(descriptor: number, expected: string): void {
  const read = createHash("sha256");
  for (const piece of readMembers(descriptor)) read.update(piece);
  if (read.digest("hex") !== expected) throw new Error("what was written cannot be read back");
}

/** Gives a file its name, or another one where something else has that; the same file is left by who was killed. */
function putInPlace(draft: string, file: string, sha256: string): { file: string; isNew: boolean } {
  for (let count = 1; ; count += 1) {
    const target = `${file}${count === 1 ? "" : `-${count}`}${ending}`;
    const isNew = !existsSync(target);
    if (!isNew && createHash("sha256").update(readFileSync(target)).digest("hex") !== sha256) continue;
    if (isNew) linkSync(draft, target);
    rmSync(draft, { force: true });
    // The folder may be new itself.
    for (const name of [target, dirname(target)]) syncFolderOf(name);
    return { file: target, isNew };
  }
}
