import { formatPointer } from "../../diff/json-pointer.js";
import type { FileBytes } from "../file-bytes.js";
import { FileFaults } from "../file-faults.js";
import { readJsonNumber } from "./json-number.js";
import { readJsonText } from "./json-text.js";
import { Budget, containerCost, mostValues } from "../budget.js";
import { OneOfEach } from "../one-of-each.js";
import { Container, type PythonValue } from "../python-value.js";
import { Texts } from "../texts.js";

/** How deep it may be nested: Python gives up at about as many levels. */
const mostLevels = 1_000;
/** Keys that are written twice, and told of. */
const mostTold = 100;

/** What a JSON file holds, and where in it a key is written twice: the last value is the one that Python reads, too. */
export interface JsonFile {
  readonly value: PythonValue;
  readonly repeated: readonly string[];
}

/**
 * Reads JSON as Python writes it, which is more than JSON: NaN and infinities are there as words, integers have any
 * length. In everything else it is strict.
 * @throws {ContextError} PYTHON_INVALID
 */
export function readJson(bytes: FileBytes, source: string): JsonFile {
  const reader = new JsonReader(bytes, source);
  return { value: reader.whole(), repeated: reader.repeated };
}

class JsonReader {
  readonly repeated: string[] = [];
  readonly #bytes: FileBytes;
  readonly #faults: FileFaults;
  readonly #texts = new Texts();
  readonly #shared = new OneOfEach();
  readonly #trail: (string | number)[] = [];
  readonly #budget = new Budget(() =>
    this.#faults.invalid(`it holds more than ${mostValues} values at once`),
  );

  constructor(bytes: FileBytes, source: string) {
    this.#bytes = bytes;
    this.#faults = new FileFaults(source, () => bytes.offset);
  }

  whole(): PythonValue {
    this.#skipSpace();
    const value = this.#value();
    this.#skipSpace();
    if (this.#bytes.peek() !== undefined)
      throw this.#faults.invalid("the file goes on after the end of its JSON");
    return value;
  }

  #value(): PythonValue {
    const begin = this.#bytes.peek();
    if (begin === braceOpen) return this.#one(this.#dictionary());
    if (begin === bracketOpen) return this.#one(this.#list());
    if (begin === quote) return this.#text();
    const word = words.find(([text]) => text.charCodeAt(0) === begin);
    return word === undefined ? this.#number() : this.#word(...word);
  }

  #one(container: Container): Container {
    const one = this.#shared.close(container);
    if (one !== container) this.#budget.giveBack(container);
    return one;
  }

  #dictionary(): Container {
    const items: PythonValue[] = [];
    const places = new Map<string, number>();
    this.#parts(braceClose, () => {
      if (this.#bytes.peek() !== quote) throw this.#unexpected("a key");
      const key = this.#text();
      this.#skipSpace();
      this.#expect(colon, '":"');
      this.#skipSpace();
      this.#trail.push(key);
      const place = places.get(key);
      if (place !== undefined && this.repeated.length < mostTold)
        this.repeated.push(formatPointer(this.#trail));
      const value = this.#value();
      this.#trail.pop();
      if (place === undefined) {
        places.set(key, items.length + 1);
        items.push(key, value);
        this.#budget.take(2);
      } else items[place] = value;
    });
    // A copy has no room to grow.
    return new Container("dict", [...items]);
  }

  #list(): Container {
    const items: PythonValue[] = [];
    this.#parts(bracketClose, () => {
      this.#trail.push(items.length);
      items.push(this.#value());
      this.#budget.take(1);
      this.#trail.pop();
    });
    return new Container("list", [...items]);
  }

  /** Reads what stands between brackets, separated by commas. */
  #parts(end: number, readPart: () => void): void {
    if (this.#trail.length >= mostLevels) throw this.#faults.invalid("it is nested too deeply");
    this.#budget.take(containerCost);
    this.#bytes.take();
    this.#skipSpace();
    if (this.#bytes.peek() === end) return void this.#bytes.take();
    for (;;) {
      readPart();
      this.#skipSpace();
      if (this.#bytes.peek() === end) return void this.#bytes.take();
      this.#expect(comma, `"," or "${String.fromCharCode(end)}"`);
      this.#skipSpace();
    }
  }

  #text(): string {
    const { offset } = this.#bytes;
    const text = readJsonText(this.#bytes, this.#texts);
    if (typeof text === "string") return text;
    throw this.#faults.invalid(text.why, offset);
  }

  #word(word: string, value: PythonValue): PythonValue {
    for (const letter of word)
      if (this.#bytes.take() !== letter.charCodeAt(0))
        throw this.#faults.invalid(`only "${word}" begins like that`);
    return value;
  }

  #number(): PythonValue {
    const { offset } = this.#bytes;
    const number = readJsonNumber(this.#bytes);
    if (number === "-" && this.#bytes.peek() === 0x49) return this.#word("Infinity", -Infinity);
    if (number === "") throw this.#unexpected("a value");
    if (typeof number !== "string") return number;
    throw this.#faults.invalid("a number that is none, or one of too many digits", offset);
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.#bytes.peek();
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#bytes.take();
    }
  }

  #expect(byte: number, what: string): void {
    if (this.#bytes.peek() !== byte) throw this.#unexpected(what);
    this.#bytes.take();
  }

  #unexpected(what: string): Error {
    if (this.#bytes.peek() === undefined)
      return this.#faults.invalid(`the file ends where ${what} has to stand`);
    return this.#faults.invalid(`${what} has to stand there`);
  }
}

/** By what each begins with. */
const words: readonly (readonly [word: string, value: PythonValue])[] = [
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", NaN],
  ["Infinity", Infinity],
];

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const bracketOpen = 0x5b;
const bracketClose = 0x5d;
const braceOpen = 0x7b;
const braceClose = 0x7d;
