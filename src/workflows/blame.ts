import type { Point } from "../core/address.js";
import { type Leaf, LeafTrace } from "../core/diff/leaf-trace.js";
import { ContextError } from "../core/errors.js";
import type { EventHeader } from "../core/event.js";
import { type ValuePath, writePath } from "../core/value/parse-path.js";
import type { Path } from "../core/diff/difference.js";
import type { Codec, Held } from "../core/value/codec.js";
import type { Log } from "../engines/engine.js";
import type { Program } from "../program/program.js";
import { EffectReader } from "./effect-reader.js";
import { keysAtIn, type Line, payloadsOfKeyIn } from "./line.js";
import { headerIn, type Owned } from "./owned.js";
import { withContext } from "./read-past.js";
import { nextLimit } from "./page-limit.js";
import type { Site } from "./site.js";
import { stampAt } from "./view-at.js";
import type { Live } from "./workplace.js";

/** A leaf of a value, and the event that made it what it is. */
export interface Blamed {
  readonly path: ValuePath;
  readonly value: unknown;
  readonly event: Owned<EventHeader>;
}

/**
 * Finds for every leaf below a path, or of all persistent keys, the event that gave it the value it has at a
 * point: by going back through the changes of its key, until all leaves are explained.
 * @throws {ContextError} PATH_NOT_FOUND, ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
 */
export function* blame(
  site: Site,
  live: Live,
  { path, point }: { readonly path: ValuePath | undefined; readonly point: Point },
): Program<readonly Blamed[]> {
  return yield* withContext(site, live, function* (log, name) {
    const { sequence: upTo } = yield* stampAt(site, log, live, { name, point });
    const reader = { log, line: live.line, codec: site.codec, name, upTo };
    const paths = path === undefined ? yield* allKeys(reader) : [path];
    const blamed: Blamed[] = [];
    const headers = new Map<number, Owned<EventHeader>>();
    for (const [key, ...steps] of paths) {
      for (const { leaf, sequence } of yield* traceKey(reader, key, steps)) {
        const event = headers.get(sequence) ?? (yield* headerIn(log, live.line, name, sequence));
        if (event === undefined)
          throw new Error("An event that was read is gone; this is a bug in durable-context.");
        headers.set(sequence, event);
        blamed.push({ path: [key, ...leaf.path], value: leaf.value, event });
      }
    }
    if (blamed.length > 0 || path === undefined) return blamed;
    throw new ContextError("PATH_NOT_FOUND", { context: name, path: writePath(path) });
  });
}

/** What the changes of keys are read from. */
interface Reader {
  readonly log: Log;
  readonly line: Line;
  readonly codec: Codec;
  readonly name: string;
  /** Changes after this event do not count. */
  readonly upTo: number;
}

function* allKeys({ log, line, upTo }: Reader): Program<ValuePath[]> {
  const changes = yield* keysAtIn(log, line, "persistent", upTo);
  return changes.filter(({ operation }) => operation === "set").map(({ key }) => [key]);
}

interface Traced {
  readonly leaf: Leaf;
  readonly sequence: number;
}

/** Finds the leaves of a key's value, in document order, each with the number of the event that made it. */
function* traceKey(reader: Reader, key: string, steps: Path): Program<readonly Traced[]> {
  const makers = new Map<Leaf, number>();
  let trace: LeafTrace | undefined;
  let later = { sequence: 0, value: undefined as unknown };
  yield* eachValueBack(reader, key, (sequence, held) => {
    if (trace === undefined && held !== undefined) trace = new LeafTrace(held.value, steps);
    else for (const leaf of trace?.stepBack(held, later.value) ?? []) makers.set(leaf, later.sequence);
    if (held === undefined || trace === undefined || trace.isDone) return false;
    later = { sequence, value: held.value };
    return true;
  });
  // What nothing came before was made by the first.
  return (trace?.leaves ?? []).map((leaf) => ({ leaf, sequence: makers.get(leaf) ?? later.sequence }));
}

/** Reading begins with so few changes, which often explain all; values may be large. */
const firstChanges = 4;

/** Hands over what a key's changes left in it, newest first, until the visitor gives false. */
function* eachValueBack(
  { log, line, codec, name, upTo }: Reader,
  key: string,
  visit: (sequence: number, held: Held | undefined) => boolean,
): Program<void> {
  const place = { scope: "persistent", key } as const;
  const reader = new EffectReader(line, codec);
  let limit = firstChanges;
  for (let after = upTo + 1; ;) {
    const payloads = yield* payloadsOfKeyIn(log, line, place, { order: "newest", after, limit });
    for (const payload of payloads) {
      after = payload.sequence;
      const set = yield* reader.valueSetBy(log, payload, place, name);
      if (!visit(payload.sequence, set?.held)) return;
    }
    if (payloads.length < limit) return;
    limit = nextLimit(limit, payloads);
  }
}
