import { placeName, type Scope } from "../core/event.js";
import { applyInPlace } from "../core/patch/apply-patch.js";
import {
  contentOf,
  hasContent,
  parsePayload,
  patchCost,
  patchIn,
  type StoredEffect,
  type StoredPatch,
} from "../core/payload.js";
import { decoding } from "../core/read-effects.js";
import { type EntryValue, markEntry } from "../core/state.js";
import type { Codec, Held } from "../core/value/codec.js";
import type { EventPayload, Log, Stamp } from "../engines/engine.js";
import type { Program } from "../program/program.js";
import { type Line, payloadsIn, payloadsOfKeyIn } from "./line.js";
import { misled } from "./misled.js";
import { nextLimit } from "./page-limit.js";

/** A key of a scope. */
export interface KeyPlace {
  readonly scope: Scope;
  readonly key: string;
}

/** An effect, and the number of its event. */
export interface Link {
  readonly sequence: number;
  readonly effect: StoredEffect;
}

/** A value as the log has it: written whole by one event, and changed by others since, oldest first. */
export interface Chain {
  readonly base: Link;
  readonly patches: readonly { readonly sequence: number; readonly patch: StoredPatch }[];
}

/** Reads what an effect gave its key, whole, whatever stands in the log. */
function* wholeValue(log: Log, line: Line, link: Link, codec: Codec, context: string): Program<EntryValue> {
  const chain = yield* readChain(log, line, link, context);
  const { sequence } = link;
  return decoding({ context, sequence }, () => {
    const baseBytes = Buffer.byteLength(JSON.stringify(contentOf(chain.base.effect)));
    const costs = chain.patches.map(({ patch }) => patchCost(JSON.stringify(patch)));
    const chainBytes = costs.length === 0 ? 0 : costs.reduce((sum, cost) => sum + cost, baseBytes);
    const bytes = chain.patches.at(-1)?.patch.bytes ?? baseBytes;
    const held = valuesAlong(chain, codec, 1).get(sequence);
    if (held === undefined) throw misled(context, sequence);
    return { ...held, bytes, chainBytes };
  });
}

/** A value, and which event gave it to its key. */
export interface WrittenValue extends EntryValue {
  readonly by: Stamp;
}

/** A key, and the number of the event that last changed it. */
export interface Change extends KeyPlace {
  readonly sequence: number;
}

/**
 * Reads what events gave their keys, whole; each event is read once.
 * @throws {ContextError} EVENT_UNREADABLE
 */
export function* valuesOfChanges<Wanted extends Change>(
  log: Log,
  line: Line,
  changes: readonly Wanted[],
  codec: Codec,
  context: string,
): Program<ReadonlyMap<Wanted, WrittenValue>> {
  const wanted = new Map<number, Wanted[]>();
  for (const change of changes) {
    const others = wanted.get(change.sequence);
    if (others === undefined) wanted.set(change.sequence, [change]);
    else others.push(change);
  }
  const values = new Map<Wanted, WrittenValue>();
  for (const { payload, ...by } of yield* payloadsIn(log, line, [...wanted.keys()])) {
    const { sequence } = by;
    const { effects } = parsePayload(payload, { context, sequence });
    const byPlace = new Map(effects.map((effect) => [placeName(effect), effect]));
    for (const change of wanted.get(sequence) ?? []) {
      const effect = byPlace.get(placeName(change));
      if (effect?.op === "protect") values.set(change, { ...markEntry, by });
      if (effect === undefined || !hasContent(effect)) continue;
      const value = yield* wholeValue(log, line, { sequence, effect }, codec, context);
      values.set(change, { ...value, by });
    }
  }
  const lacking = changes.find((change) => !values.has(change));
  if (lacking !== undefined) throw misled(context, lacking.sequence);
  return values;
}

/**
 * The values that a chain makes, by the numbers of their events: so many of the newest. What the others made is
 * lost on the way, since they are applied in place.
 */
export function valuesAlong(chain: Chain, codec: Codec, most: number): Map<number, Held> {
  const { base, patches } = chain;
  const inPlace = Math.max(0, patches.length + 1 - most);
  let held = codec.decode(encodedAlong(chain, inPlace));
  const values = new Map([[(patches[inPlace - 1] ?? base).sequence, held]]);
  for (const { sequence, patch } of patches.slice(inPlace)) {
    held = codec.patch(held, patch.edits);
    values.set(sequence, held);
  }
  return values;
}

/** The encoding of a value with so many of its patches applied; the chain is used up. */
export function encodedAlong({ base, patches }: Chain, count: number): unknown {
  return patches
    .slice(0, count)
    .reduce((made, { patch }) => applyInPlace(made, patch.edits), contentOf(base.effect));
}

/** Most often a value stands whole in the event before. */
const firstLinks = 4;

/**
 * Reads the chain that an effect ends, back to the last whole value.
 * @throws {ContextError} EVENT_UNREADABLE
 */
export function* readChain(log: Log, line: Line, last: Link, context: string): Program<Chain> {
  const { scope, key } = last.effect;
  const patches: { sequence: number; patch: StoredPatch }[] = [];
  let link: Link | undefined = last;
  let page: readonly EventPayload[] = [];
  for (let limit = firstLinks, read = 0; ;) {
    const patch: StoredPatch | undefined = patchIn(link.effect);
    if (patch === undefined) return { base: link, patches: patches.reverse() };
    patches.push({ sequence: link.sequence, patch });
    if (read === page.length) {
      if (page.length > 0) limit = nextLimit(limit, page);
      const after = link.sequence;
      page = yield* payloadsOfKeyIn(log, line, { scope, key }, { order: "newest", after, limit });
      read = 0;
    }
    link = linkIn(page[read++], { scope, key }, context);
    if (link?.sequence !== patch.on) throw misled(context, patch.on);
  }
}

function linkIn(event: EventPayload | undefined, place: KeyPlace, context: string): Link | undefined {
  if (event === undefined) return undefined;
  const { sequence, payload } = event;
  const effect = effectIn(payload, place, { context, sequence });
  return effect && { sequence, effect };
}

/** The effect of a payload on a key. */
export function effectIn(
  payload: string,
  { scope, key }: KeyPlace,
  place: { readonly context: string; readonly sequence: number },
): StoredEffect | undefined {
  return parsePayload(payload, place).effects.find((effect) => effect.scope === scope && effect.key === key);
}
