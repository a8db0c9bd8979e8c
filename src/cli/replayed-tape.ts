import type { Context, ContextEvent, ReplayStep, View, KeyChange } from "../index.js";
import { ContextTape } from "./context-tape.js";
import type { Tape, TapeRange } from "./tape.js";

/** Steps that are kept, to go back among them without a new replay. */
const mostSteps = 1000;

/**
 * The history of a context as it would be without some of its events. Up to the first of these it is what it
 * is; from there on it is replayed, once for all steps forward, and anew for a step far back.
 */
export class ReplayedTape implements Tape {
  readonly first: number;
  readonly #context: Context;
  readonly #recorded: ContextTape;
  readonly #skip: readonly number[];
  readonly #firstSkipped: number;
  readonly #steps = new Map<number, ReplayStep>();
  #replay: Iterator<ReplayStep> | undefined;
  /** The event that the replay has come to. */
  #at = Infinity;

  constructor(context: Context, range: TapeRange, skip: readonly number[]) {
    this.first = range.first;
    this.#context = context;
    this.#recorded = new ContextTape(context, range);
    this.#skip = skip;
    this.#firstSkipped = Math.min(...skip);
  }

  get last(): number {
    return this.#recorded.last;
  }

  refresh(): void {
    this.#recorded.refresh();
  }

  event(sequence: number): ContextEvent | undefined {
    return this.#recorded.event(sequence);
  }

  isSkipped(sequence: number): boolean {
    return this.#skip.includes(sequence);
  }

  view(sequence: number): View {
    return sequence < this.#firstSkipped ? this.#recorded.view(sequence) : this.#step(sequence).view;
  }

  changes(event: ContextEvent): readonly KeyChange[] {
    const { sequence } = event;
    return sequence < this.#firstSkipped ? this.#recorded.changes(event) : this.#step(sequence).changed;
  }

  #step(sequence: number): ReplayStep {
    const known = this.#goOnTo(sequence) ?? this.#beginAnew().#goOnTo(sequence);
    if (known === undefined) throw new Error(`There is no event #${sequence} to replay; the bug is ours.`);
    return known;
  }

  #goOnTo(sequence: number): ReplayStep | undefined {
    while (this.#at < sequence) {
      const next = this.#replay?.next();
      if (next?.done !== false) return undefined;
      this.#at = next.value.event.sequence;
      this.#steps.set(this.#at, next.value);
      this.#steps.delete(this.#at - mostSteps);
    }
    return this.#steps.get(sequence);
  }

  #beginAnew(): this {
    this.#steps.clear();
    this.#at = 0;
    this.#replay = replayWithout(this.#context, this.#skip)[Symbol.iterator]();
    return this;
  }
}

/** Replays from the first event that is left out, or from an earlier one. */
export function replayWithout(
  context: Context,
  skip: readonly number[],
  { first = Infinity, last }: { first?: number; last?: number | undefined } = {},
): Iterable<ReplayStep> {
  const before = Math.min(first, ...skip) - 1;
  return context.replay({
    skip,
    ...(before > 0 && { from: { sequence: before } }),
    ...(last !== undefined && { to: { sequence: last } }),
  });
}
