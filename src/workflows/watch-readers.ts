import type { Codec } from "../core/value/codec.js";
import type { Log, LoggedEvent } from "../engines/engine.js";
import type { Program } from "../program/program.js";
import { EffectReader, hasPatches } from "./effect-reader.js";
import { lineOf } from "./line.js";

/** A watch remembers the values of so many contexts whose events tell changes of values. */
const mostReaders = 64;

/** Finds who reads the events of a context, in a watch of many. */
export class WatchReaders {
  readonly #codec: Codec;
  /** By the engine's number of the context; the one longest unused first. */
  readonly #readers = new Map<number, EffectReader>();

  constructor(codec: Codec) {
    this.#codec = codec;
  }

  /** Gives a reader that is prepared for an event. */
  *readerOf(log: Log, event: LoggedEvent): Program<EffectReader> {
    const { context, name } = event;
    const known = this.#readers.get(context);
    if (known === undefined && !hasPatches(event)) return new EffectReader(wholeLine(context), this.#codec);
    const reader = known ?? new EffectReader(yield* lineOf(log, context), this.#codec);
    this.#readers.delete(context);
    this.#readers.set(context, reader);
    const [oldest] = this.#readers.keys();
    if (this.#readers.size > mostReaders && oldest !== undefined) this.#readers.delete(oldest);
    yield* reader.prepare(log, event, name);
    return reader;
  }
}

/** For events that are read without asking the log. */
function wholeLine(context: number): ConstructorParameters<typeof EffectReader>[0] {
  return { context, segments: [{ context, after: 0, upTo: Infinity, floor: 0 }] };
}
