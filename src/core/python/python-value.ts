/**
 * Sessions that the Python original saved: how its pickle and JSON files are read, and what becomes of a value of
 * Python here. Pure: bytes come in as chunks, and nothing that a file names is ever looked up or called.
 */

/** A value as a file describes it. What holds others is a {@link Container}, so that it can hold itself, too. */
export type PythonValue =
  null | boolean | number | bigint | string | Uint8Array | Container | Complete | Name;

/** What a container is in Python. A `snapshot` is the one class of the original's own. */
export type ContainerKind =
  | "list"
  | "tuple"
  | "set"
  | "frozenset"
  | "dict"
  | "OrderedDict"
  | "Counter"
  | "defaultdict"
  | "deque"
  | "snapshot";

/** Something that holds values. Of a dictionary, keys and values take turns in `items`. */
export class Container {
  readonly kind: ContainerKind;
  items: PythonValue[];
  /** The length that a deque is limited to, or the factory of a defaultdict. */
  readonly rule: number | string | null;
  /** Of what it holds, once it is known to be whole and the only one of its content; 0 before. */
  hash = 0;
  /** The one that stands for this copy of it; of that one, another that has the same hash. See `one-of-each.ts`. */
  link: Container | undefined = undefined;
  /** What it became, wherever it stands, once that is known; see `homes.ts`. */
  home: KnownHome | undefined = undefined;

  constructor(kind: ContainerKind, items: PythonValue[], rule: number | string | null = null) {
    this.kind = kind;
    this.items = items;
    this.rule = rule;
  }
}

/** A value that holds no others, such as a date: what it becomes here is known at once. */
export class Complete {
  readonly kind: string;
  /** What it becomes; undefined while that is to come. */
  value: unknown;
  /** Tells it from all others of its kind. */
  text: string;

  constructor(kind: string, value: unknown, text: string) {
    this.kind = kind;
    this.value = value;
    this.text = text;
  }

  /** Tells what it becomes. */
  complete(value: unknown, text: string): void {
    this.value = value;
    this.text = text;
  }
}

/** A class or function, by its full name; nothing is known of it but that. */
export class Name {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What a container became in which nothing refers to what is around it. */
export interface KnownHome {
  readonly value: unknown;
  /** About how many bytes that takes as JSON. */
  readonly size: number;
  /** How many levels there are in it. */
  readonly height: number;
}

const dictionaries: ReadonlySet<ContainerKind> = new Set(["dict", "OrderedDict", "Counter", "defaultdict"]);

/** Whether keys and values take turns in a container. */
export function isDictionary(container: Container): boolean {
  return dictionaries.has(container.kind);
}
