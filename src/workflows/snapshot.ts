import { isPlainObject } from "../core/value/plain.js";
import { takeSnapshot } from "../core/commands/snapshot.js";
import { ContextError } from "../core/errors.js";
import { sharedSnapshot, type Snapshot } from "../core/snapshot.js";
import type { Codec, Taken } from "../core/value/codec.js";
import { type Program, wait } from "../program/program.js";
import { type Intent, inUnit, perform } from "./change.js";
import type { Site } from "./site.js";
import type { Live } from "./workplace.js";
import type { Unit } from "./unit.js";

/** What a snapshot is called, and that with what else is known of it, as it is stored. */
export interface SnapshotRequest {
  readonly reason: string;
  readonly about: Taken;
}

/**
 * Takes in what is said of a snapshot.
 * @throws {ContextError} OPTION_INVALID, VALUE_UNSUPPORTED
 */
export function describeSnapshot(
  codec: Codec,
  said: { readonly reason: string; readonly metadata: Readonly<Record<string, unknown>> },
): SnapshotRequest {
  const { reason, metadata } = said;
  if (typeof reason !== "string")
    throw new ContextError("OPTION_INVALID", { option: "reason", why: "it is not a string" });
  // A snapshot is read back with metadata that are a dictionary, or not at all.
  if (!isDictionary(metadata))
    throw new ContextError("OPTION_INVALID", { option: "metadata", why: "it is not a plain object" });
  return { reason, about: codec.take({ reason, metadata }, "snapshot") };
}

/** Marks the present version as a snapshot. */
export function* snapshot(
  site: Site,
  live: Live,
  request: SnapshotRequest,
  intent: Intent,
): Program<Snapshot> {
  return yield* inUnit(site, intent.origin, (unit) => snapshotInUnit(site, unit, live, request, intent));
}

/** Marks the version that a unit has reached. */
export function* snapshotInUnit(
  site: Site,
  unit: Unit,
  live: Live,
  { reason, about }: SnapshotRequest,
  intent: Intent,
): Program<Snapshot> {
  const command = takeSnapshot({ id: site.host.newId(), reason, about, keep: site.rules.snapshots });
  const marked = yield* perform(site, unit, live, command, intent);
  const state = yield* unit.join(live);
  const listed = sharedSnapshot(state, marked.id, site.codec);
  if (listed !== undefined) return listed;
  // Asked again under its idempotency key after it has left the list: it is told as it was taken.
  const stamp = yield* wait(unit.log.stamp(live.context, marked.sequence));
  // The same command had the same reason and metadata.
  const { metadata } = site.codec.share(about) as Pick<Snapshot, "metadata">;
  return Object.freeze({ ...marked, reason, metadata, takenAt: stamp?.recordedAt ?? 0 });
}

function isDictionary(given: unknown): boolean {
  return typeof given === "object" && given !== null && !Array.isArray(given) && isPlainObject(given);
}
