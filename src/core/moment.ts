import { type Scope, scopes } from "./event.js";
import type { ReadEffect } from "./read-effects.js";
import { creationOrder, type State } from "./state.js";
import type { Held } from "./value/codec.js";

/** What a key holds at a moment, and where it stands in the order of creation. */
export interface Kept extends Held {
  readonly created: number;
}

/** One key of one scope before and after an event; undefined where it has no value. */
export interface KeyStep {
  readonly scope: Scope;
  readonly key: string;
  readonly before: Kept | undefined;
  readonly after: Kept | undefined;
}

type Keys = Map<string, Kept>;
type Maps = ReadonlyMap<Scope, Keys>;

/** At least so many moments share maps, and at least as many as there are keys. */
const fewestSharing = 500;

/**
 * A state during a replay; immutable for whoever looks at it. Only the newest moment has the maps of its keys:
 * the next event changes them in place and takes them along, and leaves behind what it did, from which an older
 * moment makes maps of its own if it is looked at after all. So an event costs what it changes, and a moment
 * that nobody keeps costs nothing. When enough moments have shared them, maps are copied and stay behind: one
 * that is kept then holds no more than its keys, however long the replay goes on.
 */
export class Moment {
  /** What the event before it did. */
  readonly steps: readonly KeyStep[];
  /** How many moments had these maps before. */
  readonly #shared: number;
  #maps: Maps | undefined;
  #next: Moment | undefined;
  #own: Map<Scope, Keys> | undefined;

  private constructor(maps: Maps, shared: number, steps: readonly KeyStep[]) {
    this.steps = steps;
    this.#maps = maps;
    this.#shared = shared;
  }

  /** The moment at which a state holds. */
  static of(state: State): Moment {
    return new Moment(new Map(scopes.map((scope) => [scope, new Map(state.scopes[scope].entries())])), 0, []);
  }

  /** The keys of a scope in order of creation, to be read at once: an event may change the map. */
  keys(scope: Scope): ReadonlyMap<string, Kept> {
    const known = this.#maps?.get(scope) ?? this.#own?.get(scope);
    if (known !== undefined) return known;
    const made = this.#keysBefore(scope);
    this.#own ??= new Map();
    this.#own.set(scope, made);
    return made;
  }

  /** Applies the effects of an event; gives the moment after it. */
  after(sequence: number, effects: readonly ReadEffect[]): Moment {
    const shared = this.#mapsToShare();
    const maps = shared ?? new Map(scopes.map((scope) => [scope, new Map(this.keys(scope))]));
    const steps = effects.map((effect, index) => apply(maps, effect, creationOrder(sequence, index)));
    const next = new Moment(maps, shared === undefined ? 0 : this.#shared + 1, steps);
    if (shared !== undefined) {
      this.#next = next;
      this.#maps = undefined;
    }
    return next;
  }

  /** The maps that the next moment may have, unless they have to stay here. */
  #mapsToShare(): Maps | undefined {
    const maps = this.#maps;
    if (maps === undefined || this.#shared < fewestSharing) return maps;
    return this.#shared < sizeOf(maps) ? maps : undefined;
  }

  /** The keys of an older moment, made from those of the moment that has the maps now. */
  #keysBefore(scope: Scope): Keys {
    const way: KeyStep[] = [];
    let [maps, next] = [this.#maps, this.#next];
    while (next !== undefined) {
      for (const step of next.steps) if (step.scope === scope) way.push(step);
      [maps, next] = [next.#maps, next.#next];
    }
    return goBack(maps?.get(scope) ?? new Map<string, Kept>(), way);
  }
}

function goBack(newest: ReadonlyMap<string, Kept>, way: readonly KeyStep[]): Keys {
  const keys: Keys = new Map(newest);
  for (const { key, before } of [...way].reverse()) {
    if (before === undefined) keys.delete(key);
    else keys.set(key, before);
  }
  // A key that comes back, or was made anew later, has lost its place among the others.
  const isMoved = way.some(({ before, after }) => before !== undefined && before.created !== after?.created);
  return isMoved ? new Map([...keys].sort(([, a], [, b]) => a.created - b.created)) : keys;
}

function apply(maps: Maps, { scope, key, held }: ReadEffect, created: number): KeyStep {
  const keys = maps.get(scope) ?? new Map<string, Kept>();
  const before = keys.get(key);
  if (held === undefined) {
    keys.delete(key);
    return { scope, key, before, after: undefined };
  }
  const after: Kept = { value: held.value, sharable: held.sharable, created: before?.created ?? created };
  keys.set(key, after);
  return { scope, key, before, after };
}

function sizeOf(maps: Maps): number {
  let size = 0;
  for (const keys of maps.values()) size += keys.size;
  return size;
}
