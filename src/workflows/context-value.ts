import { valueScopes } from "../core/event.js";
import { hasContent } from "../core/payload.js";
import type { Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { changesIn, type Line, lineOf, payloadsIn } from "./line.js";
import { lastWhere } from "./read-past.js";
import { effectIn, encodedAlong, readChain } from "./whole-value.js";

/** Which value is asked for: the present one, of either scope, unless a version is named. */
export interface ValueQuestion {
  readonly context: string;
  readonly key: string;
  readonly version: number | undefined;
}

/**
 * The value of a key as JSON text, as the log has it: whole, however it stands there, and with what JSON lacks in
 * its tags. Undefined where there is no such context, version or value.
 */
export function* contextValue(
  log: Log,
  { context: name, key, version }: ValueQuestion,
): Program<string | undefined> {
  const row = yield* wait(log.findContext(name));
  const head = row && (yield* wait(log.head(row.context)));
  if (row === undefined || head === undefined) return undefined;
  const line = yield* lineOf(log, row.context);
  if (version === undefined) {
    for (const scope of valueScopes) {
      const text = yield* textAt(log, line, { scope, key }, head.sequence, name);
      if (text !== undefined) return text;
    }
    return undefined;
  }
  if (version < 0 || version > head.version) return undefined;
  const last = yield* lastWhere(log, line, head, (stamp) => stamp.version <= version);
  return last && (yield* textAt(log, line, { scope: "persistent", key }, last.sequence, name));
}

function* textAt(
  log: Log,
  line: Line,
  place: Parameters<typeof effectIn>[1],
  upTo: number,
  context: string,
): Program<string | undefined> {
  const page = { order: "newest", after: upTo + 1, limit: 1 } as const;
  const [sequence] = yield* changesIn(log, line, place, page);
  const [event] = sequence === undefined ? [] : yield* payloadsIn(log, line, [sequence]);
  if (event === undefined) return undefined;
  const effect = effectIn(event.payload, place, { context, sequence: event.sequence });
  if (effect === undefined || !hasContent(effect)) return undefined;
  const chain = yield* readChain(log, line, { sequence: event.sequence, effect }, context);
  return JSON.stringify(encodedAlong(chain, chain.patches.length));
}
