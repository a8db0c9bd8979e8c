import { formatPointer } from "../diff/json-pointer.js";
import { ContextError } from "../errors.js";
import { Container, type PythonValue } from "./python-value.js";

/** One context of the original, as a file has it. Times are in seconds since the epoch. */
export interface PythonSession {
  readonly sessionId: string;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly persistent: Container;
  readonly ephemeral: Container;
  readonly protectedKeys: readonly string[];
  /** As the file has them; their versions may repeat and go back. */
  readonly snapshots: readonly PythonSnapshot[];
  readonly changes: readonly PythonChange[];
}

export interface PythonSnapshot {
  readonly version: number;
  readonly timestamp: number;
  readonly reason: string;
  readonly data: Container;
  readonly metadata: Container;
}

export interface PythonChange {
  readonly version: number;
  readonly timestamp: number;
  readonly operation: string;
  readonly details: PythonValue;
}

/**
 * Finds the parts of a session in what a file holds; every part has to be there, and nothing besides.
 * @throws {ContextError} PYTHON_INVALID
 */
export function readSession(value: PythonValue, source: string): PythonSession {
  const whole = new Members(value, source, []).only("dict", sessionMembers);
  const protectedKeys = whole.get("protected_keys");
  return {
    sessionId: whole.text("session_id"),
    version: whole.version(),
    createdAt: whole.time("created_at"),
    updatedAt: whole.time("updated_at"),
    persistent: whole.dictionary("persistent"),
    ephemeral: whole.dictionary("ephemeral"),
    protectedKeys: whole.items("protected_keys", ["set", "list"]).map((key) => {
      if (typeof key !== "string") throw whole.fault("a key is no text", "protected_keys");
      return key;
    }),
    snapshots: whole.items("snapshots", ["list"]).map((part, i) => {
      const place = new Members(part, source, ["snapshots", String(i)]);
      // In JSON, where sets are lists, a snapshot is an object like any other.
      const isJson = protectedKeys instanceof Container && protectedKeys.kind === "list";
      return readSnapshot(place.only(isJson ? "dict" : "snapshot", snapshotMembers));
    }),
    changes: whole
      .items("change_log", ["list"])
      .map((part, i) =>
        readChange(new Members(part, source, ["change_log", String(i)]).only("dict", changeMembers)),
      ),
  };
}

const sessionMembers = [
  ...["session_id", "version", "created_at", "updated_at", "persistent"],
  ...["ephemeral", "protected_keys", "snapshots", "change_log"],
];
const snapshotMembers = ["version", "timestamp", "reason", "data", "metadata"];
const changeMembers = ["timestamp", "operation", "version", "details"];

function readSnapshot(members: Members): PythonSnapshot {
  return {
    version: members.version(),
    timestamp: members.time("timestamp"),
    reason: members.text("reason"),
    data: members.dictionary("data"),
    metadata: members.dictionary("metadata"),
  };
}

function readChange(members: Members): PythonChange {
  return {
    version: members.version(),
    timestamp: members.time("timestamp"),
    operation: members.text("operation"),
    details: members.get("details"),
  };
}

/** The latest time that a Date can hold, in seconds since the epoch. */
const latestTime = 8.64e12;

/** The members of one part of a file, each of which has to be of its kind. */
class Members {
  readonly #value: PythonValue;
  readonly #source: string;
  readonly #at: readonly string[];
  readonly #members = new Map<string, PythonValue>();

  constructor(value: PythonValue, source: string, at: readonly string[]) {
    this.#value = value;
    this.#source = source;
    this.#at = at;
  }

  /** Checks that the part is of a kind, and has these members and no others. */
  only(kind: "dict" | "snapshot", names: readonly string[]): this {
    const value = this.#value;
    if (!(value instanceof Container) || value.kind !== kind)
      throw this.fault(`a ${kind} has to stand there`);
    for (let i = 0; i < value.items.length; i += 2) {
      const name = value.items[i];
      if (typeof name !== "string" || !names.includes(name))
        throw this.fault("it has a member that it can't have");
      if (this.#members.has(name)) throw this.fault("it has a member twice", name);
      this.#members.set(name, value.items[i + 1] ?? null);
    }
    const missing = names.find((name) => !this.#members.has(name));
    if (missing !== undefined) throw this.fault("it is missing", missing);
    return this;
  }

  get(name: string): PythonValue {
    return this.#members.get(name) ?? null;
  }

  text(name: string): string {
    const value = this.get(name);
    if (typeof value !== "string") throw this.fault("it is no text", name);
    return value;
  }

  version(): number {
    const value = this.get("version");
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    throw this.fault("it is no whole number from 0 on", "version");
  }

  time(name: string): number {
    const value = this.get(name);
    if (typeof value === "number" && value >= 0 && value <= latestTime) return value;
    throw this.fault("it is no time in seconds since 1970", name);
  }

  dictionary(name: string): Container {
    const value = this.get(name);
    if (value instanceof Container && value.kind === "dict") return value;
    throw this.fault("it is no dictionary", name);
  }

  items(name: string, kinds: readonly Container["kind"][]): readonly PythonValue[] {
    const value = this.get(name);
    if (value instanceof Container && kinds.includes(value.kind)) return value.items;
    throw this.fault(`it is no ${kinds.join(" or ")}`, name);
  }

  fault(why: string, ...names: readonly string[]): ContextError {
    const at = formatPointer([...this.#at, ...names]);
    return new ContextError("PYTHON_INVALID", { source: this.#source, at: at === "" ? "the top" : at, why });
  }
}
