import { join } from "node:path";
import { type Context, isContextError, openStore, type Store } from "../../src/index.js";
import { detailsOf, operationName, perform, type Stage } from "./operations.js";
import type { Logged, Operation, RecordedState, Recording } from "./recording.js";

/** How a recorded restart is played: the file is opened again, or the context moves to another store. */
export type Restart = "reopen" | "export";

/** What can be seen after a step, in the words of the recordings. */
export interface Observation {
  readonly out: { ok: true; return: unknown } | { ok: false; error: string };
  readonly snapshot?: string;
  readonly state: RecordedState;
  readonly logged: Logged;
  readonly bumped: number;
}

/** One recorded session, played on a store of its own. */
export class Session {
  readonly #folder: string;
  readonly #restart: Restart;
  readonly #id: string;
  #store: Store;
  #context: Context;
  #restarts = 0;
  /** What the caller passed at each step, and what it was given. */
  readonly #passed = new Map<number, unknown>();
  readonly #given = new Map<number, unknown>();
  /** Labels of snapshots, by our ids. */
  readonly #labels = new Map<string, string>();

  constructor({ init }: Recording, folder: string, restart: Restart) {
    this.#folder = folder;
    this.#restart = restart;
    this.#id = init.session_id;
    const initial = init.initial_data === null ? undefined : structuredClone(init.initial_data);
    this.#passed.set(0, initial);
    this.#store = openStore(this.#file(), { durability: "normal" });
    this.#context = this.#store.context(this.#id, initial === undefined ? {} : { initial });
  }

  /** What can be seen before the first step. */
  beginning(): Pick<Observation, "state" | "logged"> {
    return { state: this.#state(), logged: this.#logged(0) };
  }

  /** Plays one step and tells what can be seen of it; `label` is what its snapshot is called. */
  play(step: number, operation: Operation, label: string | undefined): Observation {
    const { version, sequence } = this.#context;
    const out = this.#attempt(step, operation);
    const taken = this.#context.snapshots().at(-1);
    const isNew = taken !== undefined && !this.#labels.has(taken.id);
    const snapshot = label ?? "one that was not recorded";
    if (isNew) this.#labels.set(taken.id, snapshot);
    return {
      out,
      ...(isNew && { snapshot }),
      state: this.#state(),
      logged: this.#logged(sequence),
      bumped: this.#context.version - version,
    };
  }

  close(): void {
    this.#store.close();
  }

  #attempt(step: number, operation: Operation): Observation["out"] {
    try {
      const { given, told } = perform(this.#stage(step), operation);
      this.#given.set(step, given);
      return { ok: true, return: told };
    } catch (error) {
      if (!isContextError(error)) throw error;
      return { ok: false, error: errorKind(error.code, operation) };
    }
  }

  #stage(step: number): Stage {
    return {
      context: this.#context,
      pass: (value) => {
        const own = structuredClone(value);
        this.#passed.set(step, own);
        return own;
      },
      passed: (earlier) => this.#passed.get(earlier),
      given: (earlier) => this.#given.get(earlier),
      labelOf: (snapshot) => this.#labels.get(snapshot) ?? snapshot,
      idOf: (label) => [...this.#labels].find(([, known]) => known === label)?.[0],
      reload: () => this.#reload(),
    };
  }

  #reload(): void {
    if (this.#restart === "reopen") {
      this.#store.close();
      this.#store = openStore(this.#file(), { create: false, durability: "normal" });
    } else {
      const file = join(this.#folder, `export-${this.#restarts}.jsonl`);
      this.#store.save(file, this.#id);
      this.#store.close();
      this.#restarts += 1;
      this.#store = openStore(this.#file(), { durability: "normal" });
      this.#store.load(file);
    }
    this.#context = this.#store.context(this.#id);
  }

  #file(): string {
    return join(this.#folder, `store-${this.#restarts}.db`);
  }

  #state(): RecordedState {
    const { persistent, ephemeral, protectedKeys, version } = this.#context;
    return {
      persistent,
      ephemeral,
      protected: [...protectedKeys],
      version,
      snapshots: this.#context.snapshots().length,
      changes: this.#context.changes().length,
    };
  }

  /** The entry of the change log that came since an event; a step makes one or none. */
  #logged(since: number): Logged {
    const changes = this.#context.changes().filter(({ sequence }) => sequence > since);
    if (changes.length > 1) throw new Error(`One step made ${changes.length} entries in the change log.`);
    const [change] = changes;
    if (change === undefined) return null;
    return { operation: operationName(change), version: change.version, details: detailsOf(change) };
  }
}

const errorKinds: Readonly<Record<string, string>> = {
  KEY_PROTECTED: "protected_overwrite",
  PREFIX_REQUIRED: "prefix_required",
  UNKNOWN_STRATEGY: "unknown_strategy",
};

/** What the recordings call a refusal; one that they do not know keeps our code. */
function errorKind(code: string, { op }: Operation): string {
  if (code === "KEY_PROTECTED" && op === "delete") return "protected_delete";
  return errorKinds[code] ?? code;
}
