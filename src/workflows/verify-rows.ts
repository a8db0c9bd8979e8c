import { placeName, type Scope, scopes } from "../core/event.js";
import type { Entry, State } from "../core/state.js";
import type { Codec } from "../core/value/codec.js";
import type { ContextRow, CurrentRow, Log, PhaseListing } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import type { PhaseRow, ReceiptRow, RowWrite } from "../projections/rows.js";
import type { NoteFault } from "./fault.js";
import { valueInRow } from "./fork.js";

/** So many differences of one table are told one by one. */
const mostTold = 10;

/** Compares what a context's events say its derived rows are with the rows that are there. */
export class RowCheck {
  readonly #log: Log;
  readonly #row: ContextRow;
  readonly #note: NoteFault;
  readonly #phases = new Map<string, PhaseListing>();
  readonly #told = new Map<string, number>();
  #keyChanges = 0;
  readonly #receipts = new Map<string, ReceiptRow>();

  constructor(log: Log, row: ContextRow, note: NoteFault) {
    this.#log = log;
    this.#row = row;
    this.#note = note;
  }

  /** Takes in the rows of the next event; those of indexes are looked up at once. */
  *expect(rows: readonly RowWrite[]): Program<void> {
    for (const row of rows) {
      if (row.table === "key-changes" || row.table === "inherited-key") yield* this.#checkKeyChange(row);
      else if (row.table === "receipts") this.#receipts.set(row.idempotencyKey, row);
      else if (row.table === "phases") this.#foldPhase(row);
      else if (row.table === "runs-removal") {
        this.#receipts.clear();
        this.#phases.clear();
      }
    }
  }

  /** Compares the present keys, and the runs of phases. */
  *compareCurrent(state: State, codec: Codec): Program<void> {
    const rows = yield* wait(this.#log.current(this.#row.context));
    const found = new Map(rows.map((row) => [placeName(row), row]));
    for (const scope of scopes) {
      for (const [key, entry] of state.scopes[scope].entries()) {
        const row = found.get(placeName({ scope, key }));
        found.delete(placeName({ scope, key }));
        if (row === undefined || !isRowOf(row, scope, entry, codec))
          this.#tell("current_keys", `${scope} key ${JSON.stringify(key)} is not what the events say`);
      }
    }
    for (const { scope, key } of found.values())
      this.#tell("current_keys", `${scope} key ${JSON.stringify(key)} should not be there`);
    const phases = yield* wait(this.#log.phases(this.#row.context, undefined));
    if (JSON.stringify(phases.map(phaseText)) !== JSON.stringify([...this.#phases.values()].map(phaseText)))
      this.#tell("phases", "the runs of phases are not what the events say");
  }

  /** Looks whether there are rows that no event accounts for. */
  *compareCounts(): Program<void> {
    const { keyChanges, receipts } = yield* wait(
      this.#log.rowCounts(this.#row.context, this.#row.floorSequence),
    );
    if (keyChanges !== this.#keyChanges)
      this.#tell("key_changes", `it has ${keyChanges} rows, and the events make ${this.#keyChanges}`);
    const isPresent = this.#row.keptSequence === null;
    if (isPresent) for (const receipt of this.#receipts.values()) yield* this.#checkReceipt(receipt);
    const expected = isPresent ? this.#receipts.size : 0;
    if (receipts !== expected)
      this.#tell("receipts", `it has ${receipts} rows, and the events make ${expected}`);
  }

  *#checkKeyChange(row: Extract<RowWrite, { table: "key-changes" | "inherited-key" }>): Program<void> {
    const { scope, key, sequence, created, operation } = row;
    if (sequence > this.#row.floorSequence) this.#keyChanges += 1;
    const found = yield* wait(this.#log.keyChange(this.#row.context, scope, key, sequence));
    if (found?.created === created && found.operation === operation) return;
    this.#tell(
      "key_changes",
      `${scope} key ${JSON.stringify(key)} is not indexed as the events say`,
      sequence,
    );
  }

  *#checkReceipt({ idempotencyKey, sequence, command, outcome }: ReceiptRow): Program<void> {
    const found = yield* wait(this.#log.receipt(this.#row.context, idempotencyKey));
    if (found?.sequence === sequence && found.command === command && found.outcome === outcome) return;
    const key = JSON.stringify(idempotencyKey);
    this.#tell("receipts", `idempotency key ${key} is not as its event says`, sequence);
  }

  #foldPhase({ id, name, once, status, sequence }: PhaseRow): void {
    const begun = this.#phases.get(id);
    const { startedSequence = sequence } = begun ?? {};
    const endedSequence = begun === undefined ? null : sequence;
    this.#phases.set(id, { id, name, once, status, startedSequence, endedSequence });
  }

  #tell(table: string, why: string, sequence?: number): void {
    const told = (this.#told.get(table) ?? 0) + 1;
    this.#told.set(table, told);
    if (told <= mostTold) this.#note({ sequence, kind: "projection", why: `${table}: ${why}` });
    if (told === mostTold + 1)
      this.#note({ sequence: undefined, kind: "projection", why: `${table}: there is more` });
  }
}

function isRowOf(row: CurrentRow, scope: Scope, entry: Entry, codec: Codec): boolean {
  const { created, sequence, version, changedAt } = entry;
  const { value, bytes } = valueInRow(scope, entry, codec);
  const isInPlace = row.created === created && row.sequence === sequence;
  const isStamped = row.version === version && row.changedAt === changedAt;
  return isInPlace && isStamped && row.value === value && row.bytes === bytes;
}

function phaseText({ id, name, once, status, startedSequence, endedSequence }: PhaseListing): unknown[] {
  return [id, name, once, status, startedSequence, endedSequence];
}
