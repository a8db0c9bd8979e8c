import { onTestFinished } from "vitest";
import { Store } from "../../src/index.js";
import type { Engine, Log } from "../../src/engines/engine.js";
import type { Mode } from "../../src/program/program.js";
import { createCore, type StoreOptions } from "../../src/store/create-core.js";
import { createHost } from "../../src/store/host.js";

/** A store that tells how many events its engine was made to hand over, with their payloads, and how often it was asked. */
export interface CountedStore<M extends Mode> {
  readonly store: Store<M>;
  /** Gives the count since it was last asked for. */
  readonly eventsRead: () => number;
  /** Gives how often its engine was asked for what lies behind a position, since this was last asked. */
  readonly looksAhead: () => number;
}

/** Puts a store on an engine whose answers are counted; it is closed when the test ends. */
export function openCounted<M extends Mode>(engine: Engine<M>, options: StoreOptions = {}): CountedStore<M> {
  let count = 0;
  let looks = 0;
  const counting = <L extends Log>(log: L): L => ({
    ...log,
    events: (context, page) => counted(log.events(context, page)),
    payloads: (context, sequences) => counted(log.payloads(context, sequences)),
    eventsAfter: (position, page) => {
      looks += 1;
      return log.eventsAfter(position, page);
    },
  });
  const counted = <Rows extends readonly unknown[]>(answer: Rows | Promise<Rows>): Rows | Promise<Rows> => {
    if (answer instanceof Promise) return answer.then((rows) => ((count += rows.length), rows));
    count += answer.length;
    return answer;
  };
  const watched: Engine<M> = {
    ...engine,
    read: (work) => engine.read((log) => work(counting(log))),
    write: (work) => engine.write((log) => work(counting(log))),
  };
  const store = new Store<M>(createCore(watched, createHost(), options));
  onTestFinished(async () => {
    await store.close();
  });
  return {
    store,
    eventsRead: () => {
      const read = count;
      count = 0;
      return read;
    },
    looksAhead: () => {
      const looked = looks;
      looks = 0;
      return looked;
    },
  };
}
