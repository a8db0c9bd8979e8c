/** Makes texts of bytes. Equal texts are one: a session has everything about ten times, once a snapshot. */
export class Texts {
  readonly #known = new Map<string, string>();
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  /** The text that is the only one of its content. */
  same(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size < mostKnown) this.#known.set(text, text);
    return text;
  }

  /** Reads UTF-8; undefined where it is none. */
  ofUtf8(bytes: Uint8Array): string | undefined {
    try {
      return this.same(this.#decoder.decode(bytes));
    } catch {
      return undefined;
    }
  }

  /**
   * Reads UTF-8 in which half a surrogate pair may stand for itself, as a pickle has it (`surrogatepass`). Two halves
   * that make a pair are refused: Python tells them from the character that they would be here.
   */
  ofPickled(bytes: Uint8Array): string | { readonly why: string } {
    const text = this.ofUtf8(bytes) ?? decodeWithHalves(bytes, this.#decoder);
    if (text === undefined) return { why: "a text is not UTF-8" };
    if (text === null)
      return { why: "a text has the halves of a surrogate pair as two characters; here they would be one" };
    return this.same(text);
  }
}

interface Decoder {
  readonly decode: (bytes: Uint8Array) => string;
}

/** What a Map holds at most is 2 ** 24. */
const mostKnown = 4_000_000;

/** Undefined where it is no UTF-8, null where halves make a pair. */
function decodeWithHalves(bytes: Uint8Array, decoder: Decoder): string | null | undefined {
  const pieces: string[] = [];
  let begin = 0;
  for (let i = 0; i + 2 < bytes.length; i++) {
    if (!isHalf(bytes, i)) continue;
    const unit = 0xd000 + (((bytes[i + 1] ?? 0) & 0x3f) << 6) + ((bytes[i + 2] ?? 0) & 0x3f);
    pieces.push(strict(bytes.subarray(begin, i), decoder), String.fromCharCode(unit));
    begin = i + 3;
    i += 2;
  }
  pieces.push(strict(bytes.subarray(begin), decoder));
  if (pieces.some((piece) => piece === unreadable)) return undefined;
  const makesPair = pieces.some(
    (piece, i) => piece === "" && isHigh(pieces[i - 1] ?? "") && isLow(pieces[i + 1] ?? ""),
  );
  return makesPair ? null : pieces.join("");
}

/** No text that a decoder gives has half a pair. */
const unreadable = "\udead\udead";

function strict(bytes: Uint8Array, decoder: Decoder): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return unreadable;
  }
}

/** Whether a surrogate begins here: the three bytes ED A0–BF 80–BF. */
function isHalf(bytes: Uint8Array, at: number): boolean {
  const [first = 0, second = 0, third = 0] = [bytes[at], bytes[at + 1], bytes[at + 2]];
  return first === 0xed && second >= 0xa0 && second <= 0xbf && third >= 0x80 && third <= 0xbf;
}

function isHigh(text: string): boolean {
  return text.length === 1 && /[\uD800-\uDBFF]/.test(text);
}

function isLow(text: string): boolean {
  return text.length === 1 && /[\uDC00-\uDFFF]/.test(text);
}
