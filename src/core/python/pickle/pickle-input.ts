import type { FileBytes } from "../file-bytes.js";
import { FileFaults } from "../file-faults.js";
import { shortest } from "../integer.js";
import type { Texts } from "../texts.js";

/** Of an integer, in bytes: more than any run needs, and few enough to be written out as digits. */
const longestInteger = 1 << 17;
/** Of a text, in bytes: about what a text can have. */
const longestText = 2 ** 29 - 2 ** 16;

/** The operands of a pickle's instructions, which are little-endian but for floats. */
export class PickleInput {
  readonly faults: FileFaults;
  readonly #bytes: FileBytes;
  readonly #texts: Texts;
  readonly #double = new DataView(new ArrayBuffer(8));

  constructor(bytes: FileBytes, source: string, texts: Texts) {
    this.#bytes = bytes;
    this.#texts = texts;
    this.faults = new FileFaults(source, () => bytes.offset);
  }

  get offset(): number {
    return this.#bytes.offset;
  }

  get isAtEnd(): boolean {
    return this.#bytes.peek() === undefined;
  }

  byte(): number {
    const byte = this.#bytes.take();
    if (byte === undefined) throw this.#truncated();
    return byte;
  }

  /** An unsigned number of 1, 2, 4 or 8 bytes; beyond 2 ** 53 it is only about right. */
  unsigned(width: number): number {
    let value = 0;
    for (let scale = 1, i = 0; i < width; i++, scale *= 256) value += this.byte() * scale;
    return value;
  }

  signed32(): number {
    return this.unsigned(4) | 0;
  }

  float(): number {
    for (let i = 0; i < 8; i++) this.#double.setUint8(i, this.byte());
    return this.#double.getFloat64(0);
  }

  bytes(count: number): Uint8Array {
    const begin = this.offset;
    const bytes = this.#bytes.takeMany(count);
    if (bytes === undefined) throw this.#truncated(begin);
    return bytes;
  }

  text(count: number): string {
    const begin = this.offset;
    if (count > longestText) throw this.faults.invalid(`a text of ${count} bytes is longer than one can be`);
    const text = this.#texts.ofPickled(this.bytes(count));
    if (typeof text === "string") return text;
    throw this.faults.invalid(text.why, begin);
  }

  /** A signed integer of any length; beyond what a number holds exactly it is a bigint. */
  integer(count: number): number | bigint {
    if (count > longestInteger)
      throw this.faults.invalid(`an integer of ${count} bytes; ${longestInteger} is the most that is read`);
    const bytes = this.bytes(count);
    if (count === 0) return 0;
    const isNegative = (bytes[count - 1] ?? 0) >= 0x80;
    const magnitude = BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
    return shortest(isNegative ? magnitude - (1n << BigInt(8 * count)) : magnitude);
  }

  #truncated(begin = this.offset): Error {
    return this.faults.invalid("the file ends in the midst of it", begin);
  }
}
