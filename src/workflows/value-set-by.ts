import type { Scope } from "../core/event.js";
import { decodeEffects, type EventPlace, parsePayload } from "../core/payload.js";
import type { Codec, Held } from "../core/value/codec.js";
import type { EventPayload, Log } from "../engines/engine.js";
import type { Program } from "../program/program.js";
import { type Line, payloadsIn } from "./line.js";

/** A key of a scope. */
export interface KeyPlace {
  readonly scope: Scope;
  readonly key: string;
}

/**
 * What an event left under a key, to look at and to compare, and not to hand out: a value, or nothing where it
 * deleted it; undefined where it did neither.
 */
export function valueSetBy(
  { sequence, payload }: Pick<EventPayload, "sequence" | "payload">,
  { scope, key }: KeyPlace,
  codec: Codec,
  context: string,
): { readonly held: Held | undefined } | undefined {
  const place: EventPlace = { context, sequence };
  const parsed = parsePayload(payload, place);
  const effect = parsed.effects.find((each) => each.scope === scope && each.key === key);
  if (effect?.op !== "set") return effect && { held: undefined };
  // Where nothing is tagged, the encoding is the value; whoever compares thousands of them need not decode each.
  if (!payload.includes('"$type"')) return { held: { value: effect.value, sharable: false } };
  const [decoded] = decodeEffects({ ...parsed, effects: [effect] }, codec, place);
  return { held: decoded?.op === "set" ? decoded.held : undefined };
}

/** Reads what the event of a number left under a key. */
export function* readValueSetBy(
  log: Log,
  line: Line,
  { place, sequence }: { readonly place: KeyPlace; readonly sequence: number },
  codec: Codec,
  context: string,
): Program<Held | undefined> {
  const [event] = yield* payloadsIn(log, line, [sequence]);
  return event && valueSetBy(event, place, codec, context)?.held;
}
