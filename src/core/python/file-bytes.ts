/** The bytes of a file, which come in chunks: no more than one of them is held, whatever the file's size. */
export class FileBytes {
  readonly #chunks: Iterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();
  #next = 0;
  /** Of the first byte of the present chunk. */
  #begin = 0;

  constructor(chunks: Iterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.iterator]();
  }

  /** The place of the next byte. */
  get offset(): number {
    return this.#begin + this.#next;
  }

  /** The next byte, which stays the next one; undefined at the end. */
  peek(): number | undefined {
    return this.#next < this.#chunk.length || this.#advance() ? this.#chunk[this.#next] : undefined;
  }

  /** The next byte; undefined at the end. */
  take(): number | undefined {
    const byte = this.peek();
    if (byte !== undefined) this.#next += 1;
    return byte;
  }

  /** So many bytes, which are the caller's from then on; undefined where the file has not as many. */
  takeMany(count: number): Uint8Array | undefined {
    if (count <= this.#chunk.length - this.#next) return new Uint8Array(this.#cut(count));
    // A length is only a claim: no room is made for what may not be there.
    const parts: Uint8Array[] = [];
    for (let missing = count; missing > 0;) {
      if (this.peek() === undefined) return undefined;
      const part = new Uint8Array(this.#cut(Math.min(missing, this.#chunk.length - this.#next)));
      parts.push(part);
      missing -= part.length;
    }
    return joined(parts, count);
  }

  /** What comes next and satisfies a condition, as far as the present chunk has it; not kept for the caller. */
  takeWhile(fits: (byte: number) => boolean): Uint8Array {
    if (this.peek() === undefined) return this.#chunk.subarray(0, 0);
    let end = this.#next;
    for (; end < this.#chunk.length; end++) if (!fits(this.#chunk[end] ?? 0)) break;
    return this.#cut(end - this.#next);
  }

  #cut(count: number): Uint8Array {
    const begin = this.#next;
    this.#next += count;
    return this.#chunk.subarray(begin, this.#next);
  }

  #advance(): boolean {
    for (;;) {
      const next = this.#chunks.next();
      if (next.done === true) return false;
      this.#begin += this.#chunk.length;
      this.#next = 0;
      this.#chunk = next.value;
      if (next.value.length > 0) return true;
    }
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}
