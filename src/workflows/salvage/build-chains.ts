import { storeStream } from "../../core/event.js";
import type { FoundEvent } from "../../engines/engine.js";
import type { Workplace } from "../workplace.js";
import type { Candidates } from "./candidates.js";
import { Chain } from "./chain.js";
import { findBaseline } from "./find-baseline.js";

/** The chains of a store by the numbers of their contexts, in the order of these. */
export type Chains = ReadonlyMap<number, Chain>;

/**
 * Builds the chain of each context from its first event on, as far as each event proves to follow from the one
 * before it. The proofs decide, not the tables: a fork finds its parent by the hash, and so does an event whose
 * context's number is damaged.
 */
export function buildChains(workplace: Workplace, candidates: Candidates): Chains {
  const builder = new Builder(workplace, candidates);
  const numbers = candidates.contexts.filter((context) => context !== storeStream);
  // A parent was made before its forks; where a damaged number says otherwise, another round finds it.
  for (let built = -1; built !== builder.size;) {
    built = builder.size;
    for (const context of numbers) builder.build(context);
    builder.takeStrays();
  }
  return builder.chains;
}

class Builder {
  readonly #workplace: Workplace;
  readonly #candidates: Candidates;
  readonly #forkPoints: ReadonlySet<number>;
  readonly #chains = new Map<number, Chain>();

  constructor(workplace: Workplace, candidates: Candidates) {
    this.#workplace = workplace;
    this.#candidates = candidates;
    this.#forkPoints = new Set(
      candidates.contexts.flatMap((context) => forksIn(candidates, context)).map(beforeOf),
    );
  }

  /** How many events have found their place. */
  get size(): number {
    return this.#candidates.placedPositions.size;
  }

  get chains(): Chains {
    return new Map([...this.#chains].sort(([a], [b]) => a - b));
  }

  build(context: number): void {
    if (this.#chains.has(context)) return;
    const baseline = findBaseline(this.#workplace, this.#candidates, context);
    for (const event of baseline?.found ?? []) this.#candidates.place(event);
    const root = new Chain(context, undefined, baseline);
    if (this.#grow(root)) this.#chains.set(context, root);
    else this.#buildFork(context);
  }

  /** Goes on with events that stand under the number of another context, where they prove to belong here. */
  takeStrays(): void {
    for (const chain of this.#chains.values()) {
      while (this.#takeOne(chain, this.#candidates.strays(chain.state.sequence + 1))) this.#grow(chain);
    }
  }

  #buildFork(context: number): void {
    for (const first of forksIn(this.#candidates, context)) {
      const sequence = beforeOf(first);
      for (const parent of this.#chains.values()) {
        if (!parent.states.has(sequence)) continue;
        const fork = new Chain(context, { chain: parent, sequence });
        if (!this.#takeOne(fork, [first])) continue;
        this.#grow(fork);
        this.#chains.set(context, fork);
        return;
      }
    }
  }

  #grow(chain: Chain): boolean {
    while (this.#takeOne(chain, this.#candidates.at(chain.context, chain.state.sequence + 1)));
    return chain.records.length > 0;
  }

  #takeOne(chain: Chain, events: readonly FoundEvent[]): boolean {
    for (const event of events) {
      if (chain.take(this.#workplace, event, this.#forkPoints) !== undefined) continue;
      this.#candidates.place(event);
      return true;
    }
    return false;
  }
}

/** The events under a number that a fork may begin with, those with the lowest numbers first. */
function forksIn(candidates: Candidates, context: number): FoundEvent[] {
  return candidates
    .of(context)
    .filter(({ record }) => record.type === "context_forked" && record.sequence > 1)
    .sort((a, b) => a.record.sequence - b.record.sequence);
}

function beforeOf({ record }: FoundEvent): number {
  return record.sequence - 1;
}
