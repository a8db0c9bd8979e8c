/** What a context must be, told in plain maps and a list of events; it shares nothing with the library. */
export interface ModelEvent {
  readonly type: string;
  readonly sequence: number;
  readonly version: number;
  readonly actor: string | null;
  readonly batch: object | null;
  /** The context that recorded it; forks share the events before them. */
  readonly owner: ContextModel;
  readonly effects: ModelEffect[];
}
export interface ModelEffect {
  readonly scope: ScopeName;
  readonly key: string;
  /** `gone` where the key was deleted, `erased` where its value was redacted later, or ended as ephemeral ones do. */
  value: unknown;
}
export interface ModelEntry {
  readonly value: unknown;
  readonly event: ModelEvent;
}

export const gone = Symbol("gone");
export const erased = "(erased)";

const scopeNames = [
  "persistent",
  "ephemeral",
  "protection",
  "metadata",
  "limit",
  "phase",
  "snapshot",
  "unmerged",
  "merge",
] as const;
export type ScopeName = (typeof scopeNames)[number];
export type Scopes = Readonly<Record<ScopeName, Map<string, ModelEntry>>>;

/** Why the library has to refuse: the code of its error. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** One context, as it is and as it ever was. */
export class ContextModel {
  id: string;
  isDeleted = false;
  /** How many versions may pass without a snapshot; 0 for any number. */
  autoSnapshot = 0;
  scopes: Scopes;
  events: ModelEvent[];
  readonly parent: { readonly model: ContextModel; readonly sequence: number } | undefined;
  receipts = new Map<string, { readonly asked: string; readonly outcome: unknown }>();
  #batch: object | null = null;
  #actor: string | null = null;
  /** States at every so many events, for as long as nothing before them was erased. */
  #milestones = new Map<number, Scopes>();
  /** Events of the unit under way that cleared or deleted ephemeral keys. */
  #ends: ModelEvent[] = [];

  constructor(id: string, parent?: ContextModel["parent"]) {
    this.id = id;
    this.parent = parent;
    this.events = parent?.model.events.slice(0, parent.sequence) ?? [];
    this.scopes = parent?.model.stateAt(parent.sequence) ?? emptyScopes();
  }

  get sequence(): number {
    return this.events.length;
  }

  get version(): number {
    return this.events.at(-1)?.version ?? 0;
  }

  has(scope: ScopeName, key: string): boolean {
    return this.scopes[scope].has(key);
  }

  /** Whether a present value may not be changed. */
  isGuarded(key: string): boolean {
    return this.has("protection", key) && this.has("persistent", key);
  }

  /** Appends an event, if it does anything or is always told of, and gives the state after it. */
  record(
    type: string,
    effects: readonly ModelEffect[],
    told: "always" | "if it does something" = "if it does something",
  ): void {
    if (effects.length === 0 && told !== "always") return;
    this.#refuseTooMany(type, effects);
    const moves = effects.some(({ scope }) => scope === "persistent");
    const event: ModelEvent = {
      type,
      sequence: this.sequence + 1,
      version: this.sequence === 0 ? 0 : this.version + (moves ? 1 : 0),
      actor: this.#actor,
      batch: this.#batch,
      owner: this,
      effects: effects.map((effect) => ({ ...effect })),
    };
    this.events.push(event);
    if (type === "ephemeral_cleared" || type === "value_deleted") this.#ends.push(event);
    apply(this.scopes, event);
  }

  /** Does something as somebody, all of it or nothing; afterwards a snapshot may be due. */
  unit<Result>(actor: string | null, work: () => Result, batch: object | null = null): Result {
    const kept = copyScopes(this.scopes);
    const { sequence, version } = this;
    this.#actor = actor;
    this.#batch = batch;
    try {
      const result = work();
      if (this.version > version) this.#snapshotWhereDue();
      for (const end of this.#ends) this.#eraseEnded(end);
      return result;
    } catch (error) {
      this.scopes = kept;
      this.events.length = sequence;
      throw error;
    } finally {
      this.#ends = [];
      this.#batch = null;
    }
  }

  /** Does something as somebody that makes no snapshot due. */
  as(actor: string | null, work: () => void): void {
    this.#actor = actor;
    work();
  }

  /** Takes a snapshot; only the newest few stay listed. */
  snapshot(reason: string): void {
    const listed = [...this.scopes.snapshot.keys()];
    const trimmed = listed.slice(0, Math.max(0, listed.length + 1 - mostSnapshots));
    this.record("snapshot_taken", [
      { scope: "snapshot", key: `${this.sequence + 1}`, value: reason },
      ...trimmed.map((key): ModelEffect => ({ scope: "snapshot", key, value: gone })),
    ]);
  }

  /** The state after an event, made of nothing but events. */
  stateAt(sequence: number): Scopes {
    const nearest = Math.floor(sequence / milestone) * milestone;
    let known = nearest;
    while (known > 0 && !this.#milestones.has(known)) known -= milestone;
    let scopes = copyScopes(this.#milestones.get(known) ?? emptyScopes());
    for (const event of this.events.slice(known, sequence)) {
      apply(scopes, event);
      if (event.sequence % milestone === 0) {
        this.#milestones.set(event.sequence, scopes);
        scopes = copyScopes(scopes);
      }
    }
    return scopes;
  }

  /** Something before was erased. */
  forgetMilestones(): void {
    this.#milestones.clear();
  }

  /** The number of the last event of a version. */
  lastOf(version: number): number {
    let [low, high] = [1, this.sequence];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#eventAt(middle).version <= version) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The values of ephemeral keys go with their keys; forks see the same events. */
  #eraseEnded(end: ModelEvent): void {
    const own = this.events.slice(this.parent?.sequence ?? 0, end.sequence - 1);
    const ended = end.effects.filter(({ scope }) => scope === "ephemeral");
    if (ended.length === 0) return;
    for (const { key } of ended) {
      for (const { effects } of own) {
        for (const effect of effects)
          if (effect.scope === "ephemeral" && effect.key === key && effect.value !== gone)
            effect.value = erased;
      }
    }
    this.forgetMilestones();
  }

  #eventAt(sequence: number): ModelEvent {
    const event = this.events[sequence - 1];
    if (event === undefined) throw new Error(`The model has no event ${sequence}.`);
    return event;
  }

  #snapshotWhereDue(): void {
    if (this.autoSnapshot === 0) return;
    const newest = [...this.scopes.snapshot.values()].at(-1);
    if (this.version - (newest?.event.version ?? 0) >= this.autoSnapshot) this.snapshot("auto");
  }

  #refuseTooMany(type: string, effects: readonly ModelEffect[]): void {
    const allowed = Number(this.scopes.limit.get("keys")?.value ?? Infinity);
    if (type === "values_erased" || !effects.some(({ value }) => value !== gone)) return;
    const names = new Set(this.scopes.persistent.keys());
    const had = names.size;
    for (const { scope, key, value } of effects) {
      if (scope !== "persistent") continue;
      if (value === gone) names.delete(key);
      else names.add(key);
    }
    if (names.size > Math.max(allowed, had)) throw new Refusal("LIMIT_EXCEEDED");
  }
}

/** How many snapshots stay listed; stores of a walk are opened with it. */
export const mostSnapshots = 6;

const milestone = 256;

function apply(scopes: Scopes, event: ModelEvent): void {
  for (const { scope, key, value } of event.effects) {
    if (value === gone) scopes[scope].delete(key);
    else scopes[scope].set(key, { value, event });
  }
}

function emptyScopes(): Scopes {
  return makeScopes(() => new Map());
}

export function copyScopes(scopes: Scopes): Scopes {
  return makeScopes((name) => new Map(scopes[name]));
}

function makeScopes(make: (name: ScopeName) => Map<string, ModelEntry>): Scopes {
  // One map for each of the names.
  return Object.fromEntries(scopeNames.map((name) => [name, make(name)])) as unknown as Scopes;
}

/** Plain JSON is equal if its text is. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
