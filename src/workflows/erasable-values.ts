import { erasableScopes, holdsPart, stepsInto } from "../core/commands/redact.js";
import { placeName, type Scope } from "../core/event.js";
import {
  erasedDigest,
  hasContent,
  parsePayload,
  patchIn,
  type StoredEffect,
  type StoredPayload,
} from "../core/payload.js";
import type { ValuePath } from "../core/value/parse-path.js";
import type { ContextRow, EventPayload, Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { EffectReader } from "./effect-reader.js";
import { type Line, lineOf, segmentAt } from "./line.js";
import type { Site } from "./site.js";
import type { KeyPlace } from "./whole-value.js";

/** An event with values to be erased: which of its effects hold them. */
export interface Hit {
  readonly sequence: number;
  readonly payload: StoredPayload;
  readonly effects: ReadonlySet<number>;
}

/** What an erasure knows of values that it has looked at, across all its contexts, the parents first. */
export class Erasing {
  /** Values that are to stay as they are, by their places in the log. */
  readonly kept: ReadonlySet<string>;
  /** The places of values that go. */
  readonly erased = new Set<string>();

  constructor(kept: ReadonlySet<string> = new Set()) {
    this.kept = kept;
  }
}

/**
 * The events of a context's own that hold something at a path, but for the values that are to stay; and those that
 * changed such a value, which cannot be read without it.
 */
export function* findHits(
  site: Site,
  log: Log,
  row: ContextRow,
  path: ValuePath,
  erasing = new Erasing(),
): Program<readonly Hit[]> {
  const { context, name, forkSequence } = row;
  const page = { order: "oldest", after: forkSequence, limit: Number.MAX_SAFE_INTEGER } as const;
  const sequences = new Set<number>();
  for (const scope of erasableScopes)
    for (const key of yield* keysOf(log, context, scope, path))
      for (const sequence of yield* wait(log.changesOf(context, scope, key, page))) sequences.add(sequence);
  const hits: Hit[] = [];
  const line = yield* lineOf(log, context);
  const looking = { site, log, line, path, erasing, reader: new EffectReader(line, site.codec) };
  const inOrder = [...sequences].sort((a, b) => a - b);
  for (const event of yield* wait(log.payloads(context, inOrder))) {
    const payload = parsePayload(event.payload, { context: name, sequence: event.sequence });
    const effects = new Set<number>();
    for (const [index, effect] of payload.effects.entries())
      if (yield* isHit(looking, event, effect, name)) effects.add(index);
    for (const index of effects) {
      const effect = payload.effects[index];
      if (effect !== undefined) erasing.erased.add(placeOf(context, event.sequence, effect));
    }
    if (effects.size > 0) hits.push({ sequence: event.sequence, payload, effects });
  }
  return hits;
}

interface Looking {
  readonly site: Site;
  readonly log: Log;
  readonly line: Line;
  readonly path: ValuePath;
  readonly erasing: Erasing;
  readonly reader: EffectReader;
}

/** Whether an effect left something at a path that goes, or changed what goes; what was erased before is not. */
function* isHit(
  { site, log, line, path, erasing, reader }: Looking,
  event: EventPayload,
  effect: StoredEffect,
  name: string,
): Program<boolean> {
  const { sequence } = event;
  const steps = stepsInto(effect.scope, effect.key, path);
  if (!hasContent(effect) || steps === undefined || erasedDigest(effect) !== undefined) return false;
  const patch = patchIn(effect);
  if (patch !== undefined && erasing.erased.has(placeIn(line, patch.on, effect))) return true;
  if (erasing.kept.has(placeIn(line, sequence, effect))) return false;
  if (patch === undefined) return holdsPart(site.codec.read(JSON.stringify(effect.value)).value, steps);
  const set = yield* reader.valueSetBy(log, event, effect, name);
  return holdsPart(set?.held?.value, steps);
}

/** The keys of a scope that may ever have had something at a path; those of work are the ids of its runs. */
function* keysOf(log: Log, context: number, scope: Scope, [key]: ValuePath): Program<readonly string[]> {
  if (scope !== "unmerged") return [key];
  return (yield* wait(log.keysAt(context, scope, Number.MAX_SAFE_INTEGER))).map((change) => change.key);
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
      if (stepsInto(row.scope, row.key, path) !== undefined) places.add(placeIn(line, row.sequence, row));
  }
  return places;
}

/** The present keys of a context whose values cannot be read any more once an erasure is done. */
export function* lostKeys(log: Log, line: Line, { erased }: Erasing): Program<readonly KeyPlace[]> {
  if (erased.size === 0) return [];
  const rows = yield* wait(log.current(line.context));
  return rows.filter((row) => row.bytes !== null && erased.has(placeIn(line, row.sequence, row)));
}

function placeIn(line: Line, sequence: number, effect: KeyPlace): string {
  return placeOf(segmentAt(line, sequence).context, sequence, effect);
}

function placeOf(context: number, sequence: number, place: KeyPlace): string {
  return `${context} ${sequence} ${placeName(place)}`;
}
