import { erasableScopes, holdsPart, stepsInto } from "../core/commands/redact.js";
import type { Scope } from "../core/event.js";
import { erasedDigest, parsePayload, type StoredEffect, type StoredPayload } from "../core/payload.js";
import type { ValuePath } from "../core/value/parse-path.js";
import type { ContextRow, Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { lineOf, segmentAt } from "./line.js";
import type { Site } from "./site.js";

/** An event with values to be erased: which of its effects hold them. */
export interface Hit {
  readonly sequence: number;
  readonly payload: StoredPayload;
  readonly effects: ReadonlySet<number>;
}

/** The events of a context's own that hold something at a path, but for the values that are to stay. */
export function* findHits(
  site: Site,
  log: Log,
  { context, name, forkSequence }: ContextRow,
  path: ValuePath,
  kept: ReadonlySet<string> = new Set(),
): Program<readonly Hit[]> {
  const page = { order: "oldest", after: forkSequence, limit: Number.MAX_SAFE_INTEGER } as const;
  const sequences = new Set<number>();
  for (const scope of erasableScopes)
    for (const key of yield* keysOf(log, context, scope, path))
      for (const sequence of yield* wait(log.changesOf(context, scope, key, page))) sequences.add(sequence);
  const hits: Hit[] = [];
  for (const { sequence, payload: text } of yield* wait(log.payloads(context, [...sequences]))) {
    const payload = parsePayload(text, { context: name, sequence });
    const isHit = (effect: StoredEffect) =>
      isHeld(site, effect, path) && !kept.has(placeOf(context, sequence, effect));
    const effects = payload.effects.flatMap((effect, index) => (isHit(effect) ? [index] : []));
    if (effects.length > 0) hits.push({ sequence, payload, effects: new Set(effects) });
  }
  return hits;
}

/** The keys of a scope that may ever have had something at a path; those of work are the ids of its runs. */
function* keysOf(log: Log, context: number, scope: Scope, [key]: ValuePath): Program<readonly string[]> {
  if (scope !== "unmerged") return [key];
  return (yield* wait(log.keysAt(context, scope, Number.MAX_SAFE_INTEGER))).map((change) => change.key);
}

/** Whether an effect sets a value that has something at a path, and was not erased before. */
function isHeld({ codec }: Site, effect: StoredEffect, path: ValuePath): boolean {
  const steps = stepsInto(effect.scope, effect.key, path);
  if (effect.op !== "set" || steps === undefined || erasedDigest(effect) !== undefined) return false;
  return holdsPart(codec.read(JSON.stringify(effect.value)).value, steps);
}

/** The places in the log of the values that may have something at a path at present, in any of these contexts. */
export function* presentPlaces(
  log: Log,
  family: readonly ContextRow[],
  path: ValuePath,
): Program<Set<string>> {
  const places = new Set<string>();
  for (const { context } of family) {
    const line = yield* lineOf(log, context);
    for (const row of yield* wait(log.current(context)))
      if (stepsInto(row.scope, row.key, path) !== undefined)
        places.add(placeOf(segmentAt(line, row.sequence).context, row.sequence, row));
  }
  return places;
}

function placeOf(
  context: number,
  sequence: number,
  { scope, key }: Pick<StoredEffect, "scope" | "key">,
): string {
  return `${context} ${sequence} ${scope} ${key}`;
}
