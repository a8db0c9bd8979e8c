import { formatPointer } from "../diff/json-pointer.js";
import { ContextError, isContextError } from "../errors.js";
import type { Json } from "../event.js";
import { checkKey } from "../names.js";
import type { Codec, Taken } from "../value/codec.js";
import { Homes } from "./homes.js";
import { marked } from "./marked.js";
import type { Container, PythonValue } from "./python-value.js";

type At = readonly string[];

/** A value that was taken in, and about how many bytes it has as JSON. */
export interface ImportedValue {
  readonly taken: Taken;
  readonly size: number;
}

/** Takes the values of a session in, each once: a snapshot shares most of what it holds with the one before. */
export class ImportedValues {
  readonly #source: string;
  readonly #codec: Codec;
  readonly #homes: Homes;
  /** By key, what was taken in last; not the text of it, which nobody needs twice. */
  readonly #last = new Map<
    string,
    { readonly from: PythonValue; readonly value: unknown; readonly size: number }
  >();

  constructor({ source, codec, mostBytes }: { source: string; codec: Codec; mostBytes: number }) {
    this.#source = source;
    this.#codec = codec;
    this.#homes = new Homes(source, mostBytes);
  }

  /**
   * The keys of a scope with their values.
   * @throws {ContextError} PYTHON_INVALID, PYTHON_REFUSED
   */
  keys(data: Container, at: At): ReadonlyMap<string, ImportedValue> {
    const keys = new Map<string, ImportedValue>();
    for (let i = 0; i < data.items.length; i += 2) {
      const key = this.key(data.items[i] ?? null, at);
      if (keys.has(key)) throw this.#invalid(at, `it has the key ${JSON.stringify(key)} twice`);
      keys.set(key, this.#value(data.items[i + 1] ?? null, [...at, key], data));
    }
    return keys;
  }

  /** A key of the context: Python lets anything be one. */
  key(key: PythonValue, at: At): string {
    if (typeof key !== "string") throw this.#invalid(at, "a key of the context is no text");
    return this.#wrapping(at, () => checkKey(key));
  }

  /** A dictionary as a plain object, whatever its keys are. */
  dictionary(value: Container, at: At): Readonly<Record<string, unknown>> {
    const home = this.#homes.of(value, at).value;
    if (home instanceof Map) return marked("dict", { entries: [...home] });
    // What is made of a dictionary is a Map or a plain object.
    return home as Readonly<Record<string, unknown>>;
  }

  /** A value as it is encoded. */
  json(value: PythonValue, at: At): Json {
    const { value: home } = this.#homes.of(value, at);
    // What the codec writes is JSON.
    return JSON.parse(this.#wrapping(at, () => this.#codec.take(home, "details").text)) as Json;
  }

  #value(from: PythonValue, at: At, within: Container): ImportedValue {
    const name = at.at(-1) ?? "";
    const last = this.#last.get(name);
    if (last !== undefined && Object.is(last.from, from))
      return { taken: this.#codec.take(last.value, name), size: last.size };
    const { value: home, fresh, size } = this.#homes.of(from, at, within);
    const taken = this.#wrapping(at, () => this.#codec.take(home, name, fresh));
    this.#last.set(name, { from, value: taken.value, size });
    return { taken, size };
  }

  /** What the store itself objects to is told as what it is: a fault of the file. */
  #wrapping<Result>(at: At, work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw isContextError(error) ? this.#invalid(at, error.message, error) : error;
    }
  }

  #invalid(at: At, why: string, cause?: unknown): ContextError {
    const details = { source: this.#source, at: formatPointer(at), why: why.replace(/\.$/, "") };
    return new ContextError("PYTHON_INVALID", details, cause === undefined ? undefined : { cause });
  }
}
