import { chainHash } from "./chain.js";
import type { Command } from "./commands/command.js";
import { type EventDraft, type EventRecord, movesVersion, type Origin } from "./event.js";
import { type Seal, sealPayload } from "./payload.js";
import { evolve, type State } from "./state.js";

/** What surrounds a command: whose context it is, and what the caller wants remembered. */
export interface Circumstances {
  readonly context: string;
  /** Digest of what was asked, kept with the outcome under an idempotency key. */
  readonly receipt: string | undefined;
  /** In ms since the epoch; asked for only by decisions that depend on it. */
  readonly now: () => number;
}

/** The event that a command becomes on a state, if it becomes one, and what the caller is told. */
export interface Decided<Outcome> {
  readonly draft: EventDraft | undefined;
  readonly outcome: Outcome;
}

/**
 * Decides a command on a state: an event, nothing, or a refusal, thrown.
 * @throws {ContextError} what the command itself refuses
 */
export function decide<Outcome>(
  state: State,
  command: Command<Outcome>,
  { context, receipt, now }: Circumstances,
): Decided<Outcome> {
  const { draft, outcome, always } = command.decide(state, context, () => timeAfter(state, now()));
  if (receipt !== undefined) {
    const kept = { command: receipt, outcome: outcome === undefined ? null : JSON.stringify(outcome) };
    const type = draft.effects.length === 0 && always !== true ? "nothing_changed" : draft.type;
    return { draft: { ...draft, type, details: { ...draft.details, receipt: kept } }, outcome };
  }
  const isWorthRecording = draft.effects.length > 0 || always === true;
  return { draft: isWorthRecording ? draft : undefined, outcome };
}

/** An event ready to be appended, the draft it was, and the state after it. */
export interface Recorded {
  readonly draft: EventDraft;
  readonly record: EventRecord;
  readonly state: State;
}

/** When the next event is recorded: time never runs backwards. */
function timeAfter({ recordedAt }: State, now: number): number {
  return Math.max(now, recordedAt);
}

/** Gives a draft its number, version, time, author and hash. `now` is in ms. */
export function record(state: State, draft: EventDraft, origin: Origin, now: number, seal: Seal): Recorded {
  const header = {
    sequence: state.sequence + 1,
    version: draft.version ?? state.version + (draft.effects.some(movesVersion) ? 1 : 0),
    type: draft.type,
    recordedAt: timeAfter(state, now),
    ...origin,
  };
  // The first event makes version 0, whatever data it brings.
  if (state.sequence === 0) header.version = 0;
  const { text: payload, format, digests } = sealPayload(draft, seal);
  const { effects, details } = draft;
  const hash = chainHash(
    { previousHash: state.hash, format, header, effects, digests, details },
    seal.digest,
  );
  const { sequence, version, recordedAt } = header;
  const after = evolve(state, { sequence, version, recordedAt, effects, hash });
  // A spread that comes last costs a tenth of one that names follow.
  return { draft, record: { payload, hash, ...header }, state: after };
}
