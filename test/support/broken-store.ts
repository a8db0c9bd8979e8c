import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { openStore, type Salvage, salvageStore, type Store } from "../../src/index.js";
import { temporaryFolder } from "./sqlite-files.js";

interface Beginning {
  readonly log?: boolean;
  readonly first?: (store: Store) => void;
}

/** A store's files that nobody has open, to be damaged and salvaged. */
export class BrokenStore {
  readonly folder = temporaryFolder();
  readonly file = join(this.folder, "broken.db");
  readonly into = join(this.folder, "salvaged.db");
  /** Where the store is that a damaged log is a copy of. */
  readonly whole = join(this.folder, "whole.db");

  /**
   * Fills a store; with `log`, its files are taken while it is open, so that the log holds what is in them, except
   * for what was done `first`.
   */
  constructor(work: (store: Store) => void, { log = false, first }: Beginning = {}) {
    const place = log ? this.whole : this.file;
    const options = { durability: "normal", lockTimeoutMs: 100 } as const;
    if (first !== undefined) {
      using store = openStore(place, options);
      first(store);
    }
    const store = openStore(place, options);
    work(store);
    // Another process copies: to close these files here would give up the locks on them.
    if (log)
      for (const ending of ["", "-wal", "-anchor"]) this.#copy(store.location + ending, this.file + ending);
    store.close();
  }

  salvage(): Salvage {
    return salvageStore(this.file, this.into);
  }

  /** The new store. */
  open(): Store {
    return openStore(this.into, { create: false });
  }

  /** Changes bytes of one of the files. */
  change(ending: string, change: (bytes: Buffer) => Buffer | undefined): void {
    const bytes = readFileSync(this.file + ending);
    writeFileSync(this.file + ending, change(bytes) ?? bytes);
  }

  /** Flips the lowest bit of the first byte of a text, wherever the database or its log has it. */
  flip(text: string, ending = ""): void {
    this.change(ending, (bytes) => {
      const at = bytes.indexOf(text);
      if (at < 0) throw new Error(`${text} is not in the file`);
      for (let next = at; next >= 0; next = bytes.indexOf(text, next + 1)) bytes[next]! ^= 1;
      return bytes;
    });
  }

  /** Fills pages of a table with zeros; gives their numbers. */
  zeroPages(
    table: string,
    type: "leaf" | "internal" | "overflow",
    which: (pages: number[]) => number[],
  ): number[] {
    const pages = which(pagesOf(this.file, table, type));
    this.change("", (bytes) => {
      for (const page of pages) bytes.fill(0, (page - 1) * pageBytes, page * pageBytes);
      return bytes;
    });
    return pages;
  }

  /** Damages the frames that the log has of some pages: their checksums, and with `zero` all that is in them. */
  damageFrames(pages: readonly number[], { zero = false }: { readonly zero?: boolean } = {}): void {
    this.change("-wal", (bytes) => {
      for (let at = 32; at < bytes.length; at += 24 + pageBytes) {
        if (!pages.includes(bytes.readUInt32BE(at))) continue;
        bytes[at + 16]! ^= 1;
        if (zero) bytes.fill(0, at + 24, at + 24 + pageBytes);
      }
      return bytes;
    });
  }

  /** The lines of the file of events that had no place. */
  get unplaced(): readonly Record<string, unknown>[] {
    const file = `${this.into}.unplaced.jsonl`;
    if (!existsSync(file)) return [];
    const [, ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  #copy(from: string, to: string): void {
    execFileSync("cp", [from, to]);
  }
}

/** Bytes of a page, which is what SQLite takes unless told otherwise. */
export const pageBytes = 4096;

/** The numbers of a table's pages, in their order. */
export function pagesOf(file: string, table: string, type: "leaf" | "internal" | "overflow"): number[] {
  const database = new Database(file, { readonly: true });
  try {
    return database
      .prepare<[string, string], number>(
        "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = ? ORDER BY path",
      )
      .pluck()
      .all(table, type);
  } finally {
    database.close();
  }
}

/** Contexts of all kinds, of so many events that their tables have several levels. */
export function fillRichly(store: Store): void {
  const ctx = store.context("run-42", { initial: { goal: "ship" }, protect: ["goal"] });
  for (let step = 1; step <= 400; step += 1)
    ctx.set(`key ${step % 30}`, { step, text: "x".repeat(step % 50 === 0 ? 9_000 : step) });
  ctx.snapshot("before", { metadata: { round: 1 } });
  ctx.setEphemeral("progress", 50);
  ctx.set("token", "SECRET", { actor: "planner", cause: "test", tags: { a: "b" }, idempotencyKey: "once" });
  ctx.redact("token", "leaked");
  const twin = ctx.fork("twin", { at: "#200" });
  twin.set("own", 1n);
  twin.fork("twin's twin").set("own", new Date(0));
  store.delete("twin", { forks: "keep" });
  store.context("gone").set("a", 1);
  store.delete("gone");
  const other = store.context("other");
  other.batch(() => {
    for (let step = 1; step <= 50; step += 1) other.set("step", step);
  });
  other.rename("renamed");
}

/** Runs a statement behind the store's back, on a connection of the test's own. */
export function writeTo(file: string, sql: string): void {
  const database = new Database(file);
  database.pragma("foreign_keys = OFF");
  for (const name of database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    .pluck()
    .all())
    database.exec(`DROP TRIGGER "${name}"`);
  database.exec(sql);
  database.close();
}
