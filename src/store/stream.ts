import type { Mode, Program, Returns } from "../program/program.js";
import type { Live } from "../workflows/workplace.js";
import { takenNow } from "./context-options.js";

/** What can be walked through in each mode, as often as one likes: each walk begins anew. */
export type Stream<M extends Mode, Item> = { sync: Iterable<Item>; async: AsyncIterable<Item> }[M];

/** One page of a stream, and where the next one goes on; without that, it was the last. */
export interface Page<Item, Cursor> {
  readonly items: Iterable<Item>;
  /** Is asked for once the items were taken. */
  readonly next: Cursor | undefined;
}

/** The program that reads one page: the first of all where no cursor is given. A page may be empty. */
export type ReadPage<Item, Cursor> = (live: Live, cursor: Cursor | undefined) => Program<Page<Item, Cursor>>;

/**
 * Makes a stream that reads page by page, as its reader asks for more; between pages nothing is held open, and
 * a reader that stops leaves nothing behind. `begin` checks what the caller gave, at once: a refusal is thrown,
 * or on an engine that answers later, meets the first who walks through.
 */
export function streamOf<M extends Mode, Item, Cursor>(
  { mode, ask, requireOpen }: PageReader<M, Item, Cursor>,
  begin: () => ReadPage<Item, Cursor>,
): Stream<M, Item> {
  if (mode === "sync") {
    const read = begin();
    // Where the mode is "sync", what is asked is answered at once.
    const readNow = (cursor: Cursor | undefined) => ask((live) => read(live, cursor)) as Page<Item, Cursor>;
    const stream: Iterable<Item> = { [Symbol.iterator]: () => walk(readNow, requireOpen) };
    return stream as Stream<M, Item>;
  }
  const begun = takenNow(begin);
  // Where the mode is not "sync", the answer is a promise.
  const readLater = (cursor: Cursor | undefined) =>
    ask((live) => begun()(live, cursor)) as Promise<Page<Item, Cursor>>;
  const stream: AsyncIterable<Item> = { [Symbol.asyncIterator]: () => walkLater(readLater, requireOpen) };
  return stream as Stream<M, Item>;
}

interface PageReader<M extends Mode, Item, Cursor> {
  readonly mode: M;
  /** Has a program run, in the mode of the engine. */
  readonly ask: (begin: (live: Live) => Program<Page<Item, Cursor>>) => Returns<M, Page<Item, Cursor>>;
  /** Throws once nothing may be asked any more: a walk ends at its next step then, and not somewhere later. */
  readonly requireOpen: () => unknown;
}

function* walk<Item, Cursor>(
  read: (cursor: Cursor | undefined) => Page<Item, Cursor>,
  requireOpen: () => unknown,
): Generator<Item, void, undefined> {
  let cursor: Cursor | undefined;
  do {
    const page = read(cursor);
    for (const item of page.items) {
      yield item;
      requireOpen();
    }
    cursor = page.next;
  } while (cursor !== undefined);
}

async function* walkLater<Item, Cursor>(
  read: (cursor: Cursor | undefined) => Promise<Page<Item, Cursor>>,
  requireOpen: () => unknown,
): AsyncGenerator<Item, void, undefined> {
  let cursor: Cursor | undefined;
  do {
    const page = await read(cursor);
    for (const item of page.items) {
      yield item;
      requireOpen();
    }
    cursor = page.next;
  } while (cursor !== undefined);
}
