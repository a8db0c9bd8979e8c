import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isContextError, openStore, type Salvage, salvageStore, type Store } from "../../src/index.js";
import { damageFiles, type StoreFiles } from "./damage-files.js";
import { digestOf, eventColumns, type Lines, linesIn, readableRows } from "./event-rows.js";
import type { Random } from "./random.js";

/** What came of one salvage of damaged files. */
export interface Trial {
  /** Events that SQLite still reads, each following from the one before, and the salvage did not recover. */
  readonly lost: number;
  /** Events that were recovered wrong, or are missing although all was said to be recovered. */
  readonly undetected: number;
  readonly failures: readonly string[];
  /** How many events there were, how many the salvage recovered, and how many SQLite still reads. */
  readonly events: number;
  readonly recovered: number;
  readonly readable: number;
}

/** A store whose copies are damaged and salvaged. */
export class SalvageTrials {
  readonly #folder: string;
  readonly #files: StoreFiles;
  readonly #truth: Lines;
  /** Every event as it ever stood there: what a lost part of the log erased or deleted may be there again. */
  readonly #known = new Set<string>();

  /** Fills a store; part of it, or with `log` nearly all, stands in its log. */
  constructor(folder: string, { log }: { readonly log: boolean }) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    const [whole, copy] = [join(folder, "whole.db"), join(folder, "copy.db")];
    if (!log) {
      using store = openStore(whole, options);
      fill(store, 0, () => this.#remember(store));
    }
    const store = openStore(whole, options);
    fill(store, 1, () => this.#remember(store));
    // Another process copies: to close these files here would give up the locks on them.
    for (const ending of endings) execFileSync("cp", [whole + ending, copy + ending]);
    store.close();
    this.#files = {
      "": readFileSync(copy),
      "-wal": readFileSync(`${copy}-wal`),
      "-anchor": readFileSync(`${copy}-anchor`),
    };
    this.#truth = linesIn(whole);
  }

  run(random: Random): Trial {
    const { files, what } = damageFiles(this.#files, random);
    const [broken, probe, into] = ["broken.db", "probe.db", "into.db"].map((name) =>
      join(this.#folder, name),
    );
    if (broken === undefined || probe === undefined || into === undefined)
      throw new Error("There are three names.");
    this.#clear();
    place(files, broken);
    place(files, probe);
    const readable = prefixes(this.#truth, readableRows(probe));
    const result = attempt(broken, into);
    const isAnchored = this.#files["-anchor"]?.equals(files["-anchor"] ?? Buffer.alloc(0)) === true;
    const trial =
      typeof result === "string"
        ? refused(result, readable)
        : this.#compare(result, linesIn(into), { readable, isAnchored });
    return {
      ...trial,
      events: sum(lengths(this.#truth)),
      failures: trial.failures.map((one) => `${what}: ${one}`),
    };
  }

  #compare(
    salvage: Salvage,
    found: Lines,
    {
      readable,
      isAnchored,
    }: { readonly readable: ReadonlyMap<string, number>; readonly isAnchored: boolean },
  ): Omit<Trial, "events"> {
    const added = new Map(salvage.contexts.map(({ context = "", added }) => [context, added]));
    let [lost, wrong, missing, recovered] = [0, 0, 0, 0];
    for (const [name, line] of found) {
      const own = line.slice(0, line.length - (added.get(name)?.length ?? 0));
      wrong += own.filter((event) => !this.#known.has(event)).length;
    }
    for (const [name, line] of this.#truth) {
      const same = prefixLength(line, new Set(found.get(name)));
      recovered += same;
      missing += line.length - same;
      // A context whose later renaming is lost is there under an older name.
      const elsewhere = [...found.values()].map((other) => prefixLength(line, new Set(other)));
      lost += Math.max(0, (readable.get(name) ?? 0) - Math.max(same, ...elsewhere));
    }
    const { isComplete, verification } = salvage;
    return {
      lost,
      // What the anchor no longer tells of, nobody can miss.
      undetected: wrong + (isComplete && isAnchored ? missing : 0),
      recovered,
      readable: sum(readable.values()),
      failures: verification.faults.map(
        ({ context = "", sequence = 0, why }) => `${context}#${sequence}: ${why}`,
      ),
    };
  }

  #remember(store: Store): void {
    const { rows } = store.query(`SELECT ${eventColumns} FROM events`);
    for (const { sequence, row } of rows)
      this.#known.add(digestOf({ sequence: Number(sequence), row: String(row) }));
  }

  #clear(): void {
    for (const name of ["broken.db", "probe.db", "into.db"])
      for (const ending of [...endings, "-shm", ".unplaced.jsonl"])
        rmSync(join(this.#folder, name + ending), { force: true });
  }
}

const endings = ["", "-wal", "-anchor"] as const;

/** Large values of either kind fill pages of their own. */
const compression = { overBytes: 8_000 };
const options = { durability: "normal", compression } as const;

function attempt(broken: string, into: string): Salvage | string {
  try {
    return salvageStore(broken, into, { compression });
  } catch (error) {
    if (isContextError(error, "STORE_FOREIGN") || isContextError(error, "STORE_NOT_FOUND")) return error.code;
    return String(error);
  }
}

/** A refusal is right where nothing is left of the store. */
function refused(why: string, readable: ReadonlyMap<string, number>): Omit<Trial, "events"> {
  const isRight = ["STORE_FOREIGN", "STORE_NOT_FOUND"].includes(why);
  const lost = sum(readable.values());
  return { lost, undetected: 0, recovered: 0, readable: lost, failures: isRight ? [] : [why] };
}

function place(files: StoreFiles, path: string): void {
  for (const ending of endings) {
    const bytes = files[ending];
    if (bytes !== undefined) writeFileSync(path + ending, bytes);
    else if (existsSync(path + ending)) rmSync(path + ending);
  }
}

function prefixes(truth: Lines, rows: ReadonlySet<string>): ReadonlyMap<string, number> {
  return new Map([...truth].map(([name, line]) => [name, prefixLength(line, rows)]));
}

/** How many events of a line are there, from the first on. */
function prefixLength(line: readonly string[], rows: ReadonlySet<string>): number {
  const end = line.findIndex((event) => !rows.has(event));
  return end < 0 ? line.length : end;
}

function lengths(lines: Lines): number[] {
  return [...lines.values()].map(({ length }) => length);
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, one) => total + one, 0);
}

/** Contexts of all kinds: plain, forked, redacted, renamed, deleted, with large values. */
function fill(store: Store, round: number, remember: () => void): void {
  const ctx = store.context("run");
  for (let step = 1; step <= 60; step += 1) ctx.set(`key ${step % 7}`, { step, text: textOf(step) });
  ctx.snapshot("marked");
  ctx.setEphemeral("progress", round);
  const twin = ctx.fork(`twin ${round}`, { at: `#${ctx.sequence - 20}` });
  for (let step = 1; step <= 10; step += 1) twin.set("own", step);
  const other = store.context(`other ${round}`);
  other.set("token", "a secret");
  remember();
  other.redact("token", "leaked");
  other.batch(() => {
    for (let step = 1; step <= 10; step += 1) other.set("step", step);
  });
  other.rename(`renamed ${round}`);
  store.context("gone").set("a", 1);
  remember();
  store.delete("gone");
  remember();
}

function textOf(step: number): string {
  if (step % 20 === 0) return "x".repeat(6_000);
  // Compressed, these still take more than a page.
  if (step % 15 === 0)
    return Array.from({ length: 3_000 }, (_, place) => (place * place * step) % 9_973).join(" ");
  return "x".repeat(step);
}
