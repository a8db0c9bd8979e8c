import { type BaselineFacts, baselineFacts, stands, standingRecord } from "../../core/baseline.js";
import { parsePayload, type StoredPayload } from "../../core/payload.js";
import type { ChangePlace, Log, WritableLog } from "../../engines/engine.js";
import { type Program, wait } from "../../program/program.js";
import type { Site } from "../site.js";

/** How long a batch may hold the write lock, as far as that can be steered, and how much it may look at. */
const wantedMs = 10;
const mostEvents = 2_000;
const firstEvents = 100;
const mostCharacters = 500_000;

/**
 * Removes what is left below the floor of a context, but for what stands at it, in many short transactions. It
 * may be broken off at any time, and be begun again by anybody: nothing of that is read any more.
 */
export function* removeBelow(site: Site, context: number): Program<void> {
  const below = yield* site.engine.read((log) => findBelow(log, context));
  if (below === undefined) return;
  let limit = firstEvents;
  for (let after = 0; ;) {
    if (!(yield* site.engine.read((log) => hasLeft(log, below, after)))) return;
    const began = site.host.now();
    const last = yield* site.engine.write((log) => removeBatch(log, below, { after, limit }));
    if (last === undefined) return;
    after = last;
    const tookMs = site.host.now() - began;
    limit = Math.max(
      1,
      Math.min(mostEvents, Math.round(limit * Math.min(2, wantedMs / Math.max(1, tookMs)))),
    );
    yield* wait(site.engine.giveWay());
  }
}

/** Does the same inside a transaction that is open. */
export function* removeAllBelow(log: WritableLog, context: number): Program<void> {
  const below = yield* findBelow(log, context);
  if (below === undefined) return;
  for (let after: number | undefined = 0; after !== undefined;)
    after = yield* removeBatch(log, below, { after, limit: mostEvents });
}

/** A floor, and what stands at it. */
interface Below {
  readonly context: number;
  readonly floor: number;
  readonly facts: BaselineFacts;
}

function* findBelow(log: Log, context: number): Program<Below | undefined> {
  const floor = yield* wait(log.floor(context));
  if (floor === 0) return undefined;
  const [event] = yield* wait(log.payloads(context, [floor]));
  const facts = event && baselineFacts(parsePayload(event.payload, { context: "", sequence: floor }));
  return facts && { context, floor, facts };
}

function* hasLeft(log: Log, { context, floor }: Below, after: number): Program<boolean> {
  return (yield* wait(log.sequences(context, { after, upTo: floor - 1, limit: 1 }))).length > 0;
}

/** Removes some events in order, so that no key ever seems to have a value that it had lost; gives the last one. */
function* removeBatch(
  log: WritableLog,
  { context, floor, facts }: Below,
  { after, limit }: { readonly after: number; readonly limit: number },
): Program<number | undefined> {
  // Whoever pruned it further meanwhile removes this, too.
  if ((yield* wait(log.floor(context))) !== floor) return undefined;
  const sequences = yield* wait(log.sequences(context, { after, upTo: floor - 1, limit }));
  const gone: number[] = [];
  let [characters, last] = [0, undefined as number | undefined];
  for (const sequence of sequences) {
    const [event] = yield* wait(log.payloads(context, [sequence]));
    if (event === undefined) continue;
    const payload = parsePayload(event.payload, { context: "", sequence });
    yield* wait(log.removeChanges(context, fallen(sequence, payload, facts)));
    if (sequence in facts.standing) yield* reduce(log, context, { ...event, facts });
    else gone.push(sequence);
    last = sequence;
    characters += event.payload.length;
    if (characters > mostCharacters) break;
  }
  yield* wait(log.removeEvents(context, gone));
  return last;
}

/** The lines of the key index that lead to what does not stand any more. */
function fallen(sequence: number, { effects }: StoredPayload, facts: BaselineFacts): ChangePlace[] {
  return effects
    .filter((effect) => !stands(facts, sequence, effect))
    .map(({ scope, key }) => ({ scope, key, sequence }));
}

/** Leaves only what stands in an event that stays. */
function* reduce(
  log: WritableLog,
  context: number,
  { sequence, payload, facts }: { sequence: number; payload: string; facts: BaselineFacts },
): Program<void> {
  const record = yield* wait(log.header(context, sequence));
  if (record === undefined) return;
  const reduced = standingRecord({ ...record, payload, hash: "" }, facts, false).payload;
  if (reduced !== payload) yield* wait(log.erase(context, sequence, reduced));
}
