import { isContextError } from "../core/errors.js";
import { type EventRecord, storeStream } from "../core/event.js";
import { chainFault } from "../core/link-fault.js";
import { parsePayload } from "../core/payload.js";
import { payloadFault } from "../core/payload-schema.js";
import { initialState } from "../core/state.js";
import type { ContextRow, Damage, Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import type { RebuildReport } from "./rebuild.js";
import { withLog } from "./read-past.js";
import type { Fault, NoteFault } from "./fault.js";
import { eachEvent } from "./replay.js";
import type { Site } from "./site.js";
import { verifyContext } from "./verify-context.js";

/** What a verification found. */
export interface Verification {
  readonly isSound: boolean;
  readonly contexts: number;
  readonly events: number;
  /** In the order of the contexts; of each chain, only the first fault, since all that follows rests on it. */
  readonly faults: readonly Fault[];
  /** What was mended, where that was asked for and there was something to mend. */
  readonly repaired?: RebuildReport;
}

/** A head that a chain is to hold. */
export interface WantedHead {
  /** The context it is of; any, where undefined. */
  readonly context: string | undefined;
  readonly sequence: number | undefined;
  readonly text: string;
  readonly fits: (event: EventRecord) => boolean;
}

/** What is to be verified; everything, unless said otherwise. */
export interface VerifyRequest {
  readonly contexts: readonly string[] | undefined;
  readonly head: WantedHead | undefined;
}

/** Checks the file, every chain of hashes, and every derived row against what the events say. */
export function* verify(site: Site, { contexts, head }: VerifyRequest): Program<Verification> {
  const damage = yield* wait(site.engine.check());
  return yield* examined(site, function* (log) {
    const rows = yield* wait(log.everyContext());
    const chosen = contexts === undefined ? rows : rows.filter(({ name }) => contexts.includes(name));
    const faults: Fault[] = damage.filter(({ row }) => row === undefined).map(fileFault);
    const seen = new Seen(head);
    let events = contexts === undefined ? yield* verifyStream(site, log, faults) : 0;
    for (const row of chosen) {
      const of = nameOf(row);
      const note: NoteFault = (fault) => faults.push({ context: of, ...fault });
      events += yield* guarded(note, () =>
        verifyContext(site, log, row, note, (event) => {
          seen.look(of, event);
        }),
      );
    }
    faults.push(...rowFaults(damage, chosen, faults));
    const missing = seen.fault;
    if (missing !== undefined) faults.push(missing);
    const present = chosen.filter(({ keptSequence }) => keptSequence === null);
    return { isSound: faults.length === 0, contexts: present.length, events, faults };
  });
}

/** Reads the log as it is; inside a unit, what the unit has appended, too, and then only what is not damaged. */
function* examined<Result>(site: Site, work: (log: Log) => Program<Result>): Program<Result> {
  return yield* site.unit === undefined ? site.engine.examine(work) : withLog(site, work);
}

function fileFault({ why }: Damage): Fault {
  return { context: undefined, sequence: undefined, kind: "file", why };
}

/** What is wrong with rows, unless comparing them with the events has told of it already. */
function rowFaults(damage: readonly Damage[], rows: readonly ContextRow[], told: readonly Fault[]): Fault[] {
  const names = new Map(rows.map((row) => [row.context, nameOf(row)]));
  return damage.flatMap(({ row, why }): Fault[] => {
    if (row === undefined || !(names.has(row.context) || row.context === storeStream)) return [];
    const context = names.get(row.context);
    const isTold = told.some((fault) =>
      row.isDerived
        ? fault.kind === "projection" && fault.context === context
        : fault.context === context && fault.sequence === row.sequence,
    );
    const kind = row.isDerived ? "projection" : "file";
    return isTold ? [] : [{ context, sequence: row.sequence, kind, why }];
  });
}

/** Looks for a head among the events that go by. */
class Seen {
  readonly #wanted: WantedHead | undefined;
  #isFound = false;

  constructor(wanted: WantedHead | undefined) {
    this.#wanted = wanted;
  }

  look(context: string | undefined, event: EventRecord): void {
    const wanted = this.#wanted;
    if (wanted === undefined || this.#isFound) return;
    const isThere =
      (wanted.sequence ?? event.sequence) === event.sequence && (wanted.context ?? context) === context;
    this.#isFound = isThere && wanted.fits(event);
  }

  get fault(): Fault | undefined {
    if (this.#wanted === undefined || this.#isFound) return undefined;
    const { context, sequence, text } = this.#wanted;
    return { context, sequence, kind: "head", why: `no event fits the head ${text}` };
  }
}

/** What cannot be read at all is a fault, too, and no reason not to look at the other contexts. */
function* guarded(note: NoteFault, work: () => Program<number>): Program<number> {
  try {
    return yield* work();
  } catch (error) {
    // Whoever opened the store has to name the class first; nothing is damaged.
    if (isContextError(error, "CLASS_UNKNOWN")) throw error;
    const sequence = isContextError(error, "EVENT_UNREADABLE") ? error.details.sequence : undefined;
    const why = error instanceof Error ? error.message : String(error);
    note({ sequence, kind: sequence === undefined ? "file" : "chain", why });
    return 0;
  }
}

/** Checks the chain of the store's own stream; gives how many events it has. */
function* verifyStream(site: Site, log: Log, faults: Fault[]): Program<number> {
  const line = {
    context: storeStream,
    segments: [{ context: storeStream, after: 0, upTo: Infinity, floor: 0 }] as const,
  };
  const note: NoteFault = (fault) => faults.push({ context: undefined, ...fault });
  let before = { sequence: 0, hash: initialState.hash };
  return yield* guarded(note, function* () {
    yield* eachEvent(log, line, { order: "oldest", after: undefined }, (event) => {
      const payload = parsePayload(event.payload, { context: "", sequence: event.sequence });
      const why =
        payloadFault(event.payload, payload) ?? chainFault(before, event, payload, site.host.digest);
      if (why !== undefined) note({ sequence: before.sequence + 1, kind: "chain", why });
      before = event;
      return why === undefined;
    });
    return before.sequence;
  });
}

function nameOf({ name, keptSequence }: ContextRow): string | undefined {
  return keptSequence === null ? name : undefined;
}
