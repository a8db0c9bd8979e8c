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

/** What an event left under a key: a value, or nothing where it deleted it; undefined where it did neither. */
export function valueSetBy(
  { sequence, payload }: Pick<EventPayload, "sequence" | "payload">,
  { scope, key }: KeyPlace,
  codec: Codec,
  context: string,
): { readonly held: Held | undefined } | undefined {
  const place: EventPlace = { context, sequence };
  const parsed = parsePayload(payload, place);
  const effects = parsed.effects.filter((effect) => effect.scope === scope && effect.key === key);
  const [effect] = decodeEffects({ ...parsed, effects }, codec, place);
  return effect && { held: effect.op === "set" ? effect.held : undefined };
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
