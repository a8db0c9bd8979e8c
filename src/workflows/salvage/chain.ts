import type { EventRecord } from "../../core/event.js";
import { initialState, type State } from "../../core/state.js";
import type { FoundEvent } from "../../engines/engine.js";
import { checkEvent } from "../check-event.js";
import { nameOf, type Workplace } from "../workplace.js";

/** Where a fork begins: the chain that has the last event that both share. */
export interface Base {
  readonly chain: Chain;
  readonly sequence: number;
}

/** What a pruned history begins with, as the event of a number proves. */
export interface PrunedBeginning {
  readonly at: number;
  readonly state: State;
  readonly records: readonly EventRecord[];
}

/** The events of one context that follow from each other without a gap, and the state that they make. */
export class Chain {
  readonly context: number;
  readonly base: Base | undefined;
  readonly records: EventRecord[] = [];
  /** States that forks may begin on. */
  readonly states = new Map<number, State>();
  state: State;
  /** Of a history that was pruned: its floor, up to which its records are a baseline, and the event that tells of it. */
  readonly floor: number = 0;
  readonly prunedAt: number = 0;
  readonly #receipts = new Set<string>();

  constructor(context: number, base?: Base, pruned?: PrunedBeginning) {
    this.context = context;
    this.base = base;
    this.state = pruned?.state ?? base?.chain.states.get(base.sequence) ?? initialState;
    if (pruned === undefined) return;
    this.floor = pruned.state.sequence;
    this.prunedAt = pruned.at;
    this.records.push(...pruned.records);
    this.states.set(this.floor, this.state);
  }

  /** The number of the event that comes before its own. */
  get after(): number {
    return this.base?.sequence ?? 0;
  }

  get name(): string {
    return nameOf(this.state);
  }

  /** Takes an event as the next one, or says why it cannot be that. */
  take(workplace: Workplace, { record }: FoundEvent, forkPoints: ReadonlySet<number>): string | undefined {
    const step = checkEvent(workplace, this.state, record, this.name);
    if ("why" in step) return step.why;
    for (const row of step.rows) {
      if (row.table !== "receipts") continue;
      if (this.#receipts.has(row.idempotencyKey)) return "an earlier event has its idempotency key";
      this.#receipts.add(row.idempotencyKey);
    }
    this.records.push(record);
    this.state = step.after;
    if (forkPoints.has(record.sequence)) this.states.set(record.sequence, step.after);
    return undefined;
  }
}

/** The event up to which the line of a chain was pruned; 0 where it is whole. */
export function floorOf({ base, floor }: Chain): number {
  return floor > 0 || base === undefined ? floor : floorOf(base.chain);
}

/** All events of the line that a chain stands on, its own and its ancestors'. */
export function lineOf({ base, records }: Chain): readonly EventRecord[] {
  if (base === undefined) return records;
  return [...lineOf(base.chain).filter(({ sequence }) => sequence <= base.sequence), ...records];
}
