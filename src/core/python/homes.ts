import { formatPointer } from "../diff/json-pointer.js";
import { ContextError } from "../errors.js";
import { isPlainContainer } from "../value/plain.js";
import { containerHome, type Parts } from "./container-home.js";
import { marked } from "./marked.js";
import { Complete, Container, Name, type PythonValue } from "./python-value.js";

/** How deep values are followed; the codec, which counts the levels of the encoding, allows fewer. */
const mostLevels = 1_000;

/** How often containers of one value are made anew: what refers to something around it is, wherever it stands. */
const mostAnew = 20_000;

const nothing: PythonValue[] = [];

/** What a value of Python becomes, and which objects in it are new and nobody else's. */
export interface Home {
  readonly value: unknown;
  readonly fresh: ReadonlySet<object>;
  /** About how many bytes it takes as JSON; never more than it really does. */
  readonly size: number;
}

/**
 * Gives the values of one file their homes: what they become here. What is the same container in the file becomes
 * the same object. Where a container contains itself, a reference to the outer one stands in that place.
 */
export class Homes {
  readonly #source: string;
  readonly #mostBytes: number;
  /** The containers around the present part, by the length of the way to them. */
  readonly #around = new Map<Container, number>();
  #trail: string[] = [];
  /** Where in the trail the key stands under which the value is. */
  #keyAt = 0;
  #fresh = new Set<object>();
  #size = 0;
  #deepest = 0;
  #references = 0;
  /** Containers that refer to something around them. */
  readonly #leadingBack = new Set<Container>();
  #anew = 0;

  /** A value that would take more bytes as JSON than that is refused before it is made. */
  constructor(source: string, mostBytes: number) {
    this.#source = source;
    this.#mostBytes = mostBytes;
  }

  /**
   * The home of one value; `at` is where that stands in the file, `within` the dictionary whose key it has.
   * @throws {ContextError} PYTHON_INVALID, PYTHON_REFUSED
   */
  of(value: PythonValue, at: readonly string[], within?: Container): Home {
    this.#trail = [...at];
    this.#keyAt = at.length - 1;
    this.#fresh = new Set();
    this.#size = 0;
    this.#leadingBack.clear();
    this.#anew = 0;
    this.#around.clear();
    if (within !== undefined) this.#around.set(within, this.#keyAt);
    return { value: this.#visit(value), fresh: this.#fresh, size: this.#size };
  }

  #visit(value: PythonValue): unknown {
    this.#grow(typeof value === "string" || value instanceof Uint8Array ? value.length : 1);
    if (value instanceof Container) return this.#visitContainer(value);
    if (value instanceof Name) throw this.#refused(`${value.name} as a value`);
    return value instanceof Complete ? this.#visitComplete(value) : value;
  }

  #visitComplete({ kind, value, text }: Complete): unknown {
    if (value === undefined) throw this.#invalid(`a ${kind} was begun and not completed`);
    this.#grow(text.length);
    return this.#note(value);
  }

  #visitContainer(container: Container): unknown {
    const length = this.#trail.length;
    const known = container.home;
    if (known !== undefined) {
      this.#reach(length + known.height);
      this.#grow(known.size);
      return known.value;
    }
    const outer = this.#around.get(container);
    if (outer !== undefined) return this.#reference(outer);
    if (container.kind === "snapshot") throw this.#refused("a snapshot in the place of a value");
    const [size, deepest, references] = [this.#size, this.#deepest, this.#references];
    if (this.#leadingBack.has(container) && ++this.#anew > mostAnew)
      throw this.#invalid("it is more than can be made of parts that contain themselves");
    this.#deepest = 0;
    this.#reach(length);
    this.#around.set(container, length);
    const value = this.#note(containerHome(container, this.#parts));
    this.#around.delete(container);
    if (this.#references === references) {
      container.home = { value, size: this.#size - size, height: this.#deepest - length };
      // What a key is made of is asked for again. Of others, nobody needs the parts any more, and they can go.
      if (container.kind === "list" || container.kind === "dict") container.items = nothing;
    } else this.#leadingBack.add(container);
    this.#deepest = Math.max(deepest, this.#deepest);
    return value;
  }

  readonly #parts: Parts = {
    visit: (part, ...segments) => {
      this.#trail.push(...segments);
      const value = this.#visit(part);
      this.#trail.length -= segments.length;
      return value;
    },
    fresh: (object) => this.#note(object),
    fault: (why) => this.#invalid(why),
  };

  /** Tells where the outer container stands in the same data, as marked values have it: the key comes first. */
  #reference(length: number): unknown {
    this.#references += 1;
    const to = formatPointer(this.#trail.slice(this.#keyAt, length));
    return this.#note(marked("ref", { to }));
  }

  #note<Value>(value: Value): Value {
    if (typeof value === "object" && value !== null && isPlainContainer(value)) this.#fresh.add(value);
    return value;
  }

  #reach(length: number): void {
    if (length > mostLevels) throw this.#invalid("it is nested too deeply");
    if (length > this.#deepest) this.#deepest = length;
  }

  #grow(bytes: number): void {
    this.#size += bytes;
    if (this.#size > this.#mostBytes)
      throw this.#invalid(`it takes more than the ${this.#mostBytes} bytes that a value may take`);
  }

  #invalid(why: string): ContextError {
    return new ContextError("PYTHON_INVALID", { source: this.#source, at: formatPointer(this.#trail), why });
  }

  #refused(what: string): ContextError {
    return new ContextError("PYTHON_REFUSED", { source: this.#source, at: formatPointer(this.#trail), what });
  }
}
