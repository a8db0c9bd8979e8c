import { encodeValue } from "../index.js";

/** How much of a value is written, and how. */
export interface PreviewOptions {
  /** At most so many characters; a text that was cut ends in an ellipsis. */
  readonly longest: number;
  /** Writes what is neither plain nor built in, such as instances of registered classes. */
  readonly textOf?: (value: unknown) => string;
}

/**
 * Writes the beginning of the JSON text that stands for a value. What is not shown is not looked at, so that
 * a value of many megabytes costs no more than a small one.
 */
export function previewValue(value: unknown, { longest, textOf = encodeValue }: PreviewOptions): string {
  const preview = new Preview(longest, textOf);
  preview.write(value);
  return cutText(preview.text, longest);
}

/** Cuts a text to a number of characters, never through the middle of one. */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const end = Math.max(0, longest - 1);
  return `${text.slice(0, /[\uD800-\uDBFF]/.test(text.charAt(end - 1)) ? end - 1 : end)}…`;
}

class Preview {
  text = "";
  readonly #longest: number;
  readonly #textOf: (value: unknown) => string;

  constructor(longest: number, textOf: (value: unknown) => string) {
    this.#longest = longest;
    this.#textOf = textOf;
  }

  write(value: unknown): void {
    if (typeof value === "string") this.text += JSON.stringify(this.#beginningOf(value));
    else if (typeof value !== "object" || value === null) this.text += this.#textOf(value);
    else if (Array.isArray(value)) this.#writeList(value);
    else if (value instanceof Map) this.#writeTagged("map", value.entries());
    else if (value instanceof Set) this.#writeTagged("set", value.values());
    else if (ArrayBuffer.isView(value)) this.text += this.#textOf(this.#fewerBytes(value));
    else if (!isRecord(value)) this.text += this.#textOf(value);
    else if (tagOf(value) === undefined) this.#writeRecord(value);
    else {
      this.text += `{"$type":"${tagOf(value)}","value":`;
      this.#writeRecord(value);
      this.text += "}";
    }
  }

  get #isFull(): boolean {
    return this.text.length > this.#longest;
  }

  #beginningOf(text: string): string {
    return text.slice(0, this.#longest + 1);
  }

  #fewerBytes(view: ArrayBufferView): ArrayBufferView {
    const isLong = view.byteLength > this.#longest && view instanceof Uint8Array;
    return isLong ? view.subarray(0, this.#longest) : view;
  }

  #writeTagged(tag: string, elements: Iterable<unknown>): void {
    this.text += `{"$type":"${tag}","value":`;
    this.#writeList(elements);
    this.text += "}";
  }

  #writeList(elements: Iterable<unknown>): void {
    this.text += "[";
    let separator = "";
    for (const element of elements) {
      if (this.#isFull) return;
      this.text += separator;
      this.write(element);
      separator = ",";
    }
    this.text += "]";
  }

  #writeRecord(record: Readonly<Record<string, unknown>>): void {
    this.text += "{";
    let separator = "";
    for (const key of Object.keys(record)) {
      if (this.#isFull) return;
      this.text += `${separator}${JSON.stringify(this.#beginningOf(key))}:`;
      this.write(record[key]);
      separator = ",";
    }
    this.text += "}";
  }
}

/** The tag of an object that JSON text alone would not give back: without a prototype, or like a tag itself. */
function tagOf(value: object): string | undefined {
  if (Object.getPrototypeOf(value) === null) return "null-prototype";
  return Object.hasOwn(value, "$type") ? "object" : undefined;
}

function isRecord(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
