import { isContextError } from "../core/errors.js";
import { type EventRecord, placeName, valueScopes } from "../core/event.js";
import { parsePayload, patchIn, type StoredEffect } from "../core/payload.js";
import { readEffects } from "../core/read-effects.js";
import type { Codec, Held } from "../core/value/codec.js";
import type { EventPayload, Log } from "../engines/engine.js";
import type { Program } from "../program/program.js";
import type { Line } from "./line.js";
import type { RecordedEvent } from "./recorded-event.js";
import { effectIn, type KeyPlace, readChain, valuesAlong } from "./whole-value.js";

/** So many values of one key are remembered: whoever reads backwards finds those before among them. */
const mostRemembered = 256;

/** Stands in every payload that has a patch. */
const patchMark = '"op":"patch"';

/** Whether an event may tell changes of values, which cannot be read alone. */
export function hasPatches({ payload }: Pick<EventPayload, "payload">): boolean {
  return payload.includes(patchMark);
}

/**
 * Reads what events of a line did, with whole values in the place of changes. It remembers the last values of each
 * key, so events that are read in order, either way, cost what they changed.
 */
export class EffectReader {
  readonly #line: Line;
  readonly #codec: Codec;
  /** Values of a key that are changes of each other, and so share most of what they are. */
  readonly #remembered = new Map<string, Map<number, Held>>();
  /** What events to come are on; and the values that those before them will have made by then. */
  readonly #prepared = new Map<string, Held>();
  readonly #promised = new Set<string>();

  constructor(line: Line, codec: Codec) {
    this.#line = line;
    this.#codec = codec;
  }

  /** Reads from the log what is needed to read an event later, after those that were prepared before it. */
  *prepare(log: Log, record: EventRecord, owner: string): Program<void> {
    const { sequence, payload } = record;
    if (!hasPatches(record)) return;
    try {
      const { effects } = parsePayload(payload, { context: owner, sequence });
      for (const effect of effects) yield* this.#prepareEffect(log, effect, sequence, owner);
    } catch (error) {
      // What cannot be read is refused when its turn comes, not before the events ahead of it.
      if (!isContextError(error, "EVENT_UNREADABLE")) throw error;
    }
  }

  /**
   * Reads the payload of an event that was prepared.
   * @throws {ContextError} EVENT_UNREADABLE, CLASS_UNKNOWN
   */
  read(record: EventRecord, owner: string): RecordedEvent {
    const { sequence } = record;
    const place = { context: owner, sequence };
    const payload = parsePayload(record.payload, place);
    const stored = payload.effects.map(({ op }) => op);
    const effects = readEffects(payload, this.#codec, place, this.#before);
    effects.forEach(({ scope, key, held }, index) => {
      if (valueScopes.includes(scope))
        this.#remember({ scope, key }, sequence, held, stored[index] !== "patch");
    });
    return { record, owner, effects, details: payload.details };
  }

  /**
   * What an event left under a key, to look at and to compare, and not to hand out: a value, or nothing where it
   * deleted it; undefined where it did neither.
   */
  *valueSetBy(
    log: Log,
    { sequence, payload }: Pick<EventPayload, "sequence" | "payload">,
    place: KeyPlace,
    context: string,
  ): Program<{ readonly held: Held | undefined } | undefined> {
    const effect = effectIn(payload, place, { context, sequence });
    if (effect === undefined) return undefined;
    const known = this.#remembered.get(placeName(place))?.get(sequence);
    if (known !== undefined) return { held: known };
    // Where nothing is tagged, the encoding is the value; whoever compares thousands of them need not decode each.
    if (effect.op === "set" && !payload.includes('"$type"'))
      return { held: { value: effect.value, sharable: false } };
    yield* this.#prepareEffect(log, effect, sequence, context);
    const alone = { format: 1, effects: [effect], details: {} };
    const [read] = readEffects(alone, this.#codec, { context, sequence }, this.#before);
    this.#remember(place, sequence, read?.held, effect.op !== "patch");
    return { held: read?.op === "set" ? read.held : undefined };
  }

  *#prepareEffect(log: Log, effect: StoredEffect, sequence: number, context: string): Program<void> {
    const patch = patchIn(effect);
    if (patch === undefined) return;
    const { on } = patch;
    const name = placeName(effect);
    this.#promised.add(valueName(effect, sequence));
    if (this.#remembered.get(name)?.has(on) === true || this.#promised.has(valueName(effect, on))) return;
    const chain = yield* readChain(log, this.#line, { sequence, effect }, context);
    const before = { ...chain, patches: chain.patches.slice(0, -1) };
    const values = valuesAlong(before, this.#codec, mostRemembered);
    const held = values.get(on);
    if (held !== undefined) this.#prepared.set(valueName(effect, on), held);
    this.#remembered.set(name, values);
  }

  readonly #before = (place: KeyPlace, on: number): Held | undefined => {
    const name = valueName(place, on);
    const held = this.#prepared.get(name) ?? this.#remembered.get(placeName(place))?.get(on);
    this.#prepared.delete(name);
    return held;
  };

  #remember(place: KeyPlace, sequence: number, held: Held | undefined, isWhole: boolean): void {
    const name = placeName(place);
    this.#promised.delete(valueName(place, sequence));
    const values = this.#remembered.get(name);
    if (held === undefined) this.#remembered.delete(name);
    else if (isWhole || values === undefined || values.size >= 2 * mostRemembered)
      this.#remembered.set(name, new Map([[sequence, held]]));
    else values.set(sequence, held);
  }
}

function valueName(place: KeyPlace, sequence: number): string {
  return `${sequence} ${placeName(place)}`;
}
