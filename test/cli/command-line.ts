import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { onTestFinished } from "vitest";
import { runCli } from "../../src/cli/run-cli.js";
import { type Context, openStore, type SqliteStoreOptions } from "../../src/index.js";

/** What a command line left behind. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What the world of a command line is like, where it is not a pipe in an empty environment. */
export interface World {
  readonly stdin?: string;
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Told all that was said so far, whenever more is said; what it returns true for is interrupted. */
  readonly isEnough?: (out: string) => boolean;
}

/** A store in a folder of its own, and command lines that are told of it. */
export interface Desk {
  readonly store: string;
  readonly folder: string;
  readonly run: (words: readonly string[], world?: World) => Promise<Ended>;
}

/** Sets up a desk; the folder is removed when the test ends. */
export function openDesk(): Desk {
  const folder = mkdtempSync(join(tmpdir(), "durable-context-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = join(folder, "runs.db");
  return {
    store,
    folder,
    run: (words, world = {}) =>
      runWords(words, { ...world, env: { DURABLE_CONTEXT_STORE: store, ...world.env } }),
  };
}

/** Runs words in this process, with streams of their own. */
export async function runWords(words: readonly string[], world: World = {}): Promise<Ended> {
  const { stdin = "", terminal = false, columns, env = {}, isEnough } = world;
  const [stdout, stderr] = [collect(), collect()];
  const interrupt = new AbortController();
  stdout.stream.on("data", () => {
    if (isEnough?.(stdout.text()) === true) interrupt.abort();
  });
  const code = await runCli(words, {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env,
    isTTY: { stdin: false, stdout: terminal, stderr: terminal },
    columns,
    interrupts: () => interrupt.signal,
    terminal: undefined,
  });
  return { code, out: stdout.text(), err: stderr.text() };
}

/** Fills a context of the desk's store through the library, at one moment that never passes. */
export function fill(
  desk: Desk,
  work: (context: Context) => void,
  { id = "run-42", options = {} }: { id?: string; options?: SqliteStoreOptions } = {},
): void {
  using store = openStore(desk.store, {
    now: () => Date.parse("2026-11-23T10:00:00Z"),
    protect: [],
    ...options,
  });
  work(store.context(id));
}

function collect(): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  const parts: Buffer[] = [];
  stream.on("data", (part: Buffer) => parts.push(part));
  return { stream, text: () => Buffer.concat(parts).toString() };
}
