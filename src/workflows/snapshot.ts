import { isPlainObject } from "../core/value/plain.js";
import { takeSnapshot } from "../core/commands/snapshot.js";
import { ContextError } from "../core/errors.js";
import { type KeptSnapshot, sharedSnapshot, type Snapshot } from "../core/snapshot.js";
import type { Codec, Taken } from "../core/value/codec.js";
import { type Program, wait } from "../program/program.js";
import { type Intent, inUnit, perform } from "./change.js";
import type { Site } from "./site.js";
import type { Live } from "./workplace.js";
import type { Unit } from "./unit.js";

/** What is said of a snapshot, and whether it stays listed. */
export interface SnapshotRequest {
  readonly about: Taken;
  readonly isPinned: boolean;
}

/**
 * Takes in what is said of a snapshot.
 * @throws {ContextError} OPTION_INVALID, VALUE_UNSUPPORTED
 */
export function describeSnapshot(
  codec: Codec,
  said: {
    readonly reason: string;
    readonly metadata: Readonly<Record<string, unknown>>;
    readonly isPinned?: boolean;
  },
): SnapshotRequest {
  const { reason, metadata, isPinned = false } = said;
  if (typeof reason !== "string")
    throw new ContextError("OPTION_INVALID", { option: "reason", why: "it is not a string" });
  // A snapshot is read back with metadata that are a dictionary, or not at all.
  if (!isDictionary(metadata))
    throw new ContextError("OPTION_INVALID", { option: "metadata", why: "it is not a plain object" });
  return { about: codec.take({ reason, metadata }, "snapshot"), isPinned };
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
  { about, isPinned }: SnapshotRequest,
  intent: Intent,
): Program<Snapshot> {
  const taking = { id: site.host.newId(), about, isPinned, rule: site.rules.snapshots };
  const command = takeSnapshot(taking, site.codec);
  const marked = yield* perform(site, unit, live, command, intent);
  const state = yield* unit.join(live);
  const listed = sharedSnapshot(state, marked.id, site.codec);
  if (listed !== undefined) return listed;
  // Asked again under its idempotency key after it has left the list: it is told as it was taken.
  const stamp = yield* wait(unit.log.stamp(live.context, marked.sequence));
  // The same command had the same reason and metadata.
  const { reason, metadata } = site.codec.share(about) as KeptSnapshot;
  return Object.freeze({ ...marked, reason, metadata, takenAt: stamp?.recordedAt ?? 0, isPinned: false });
}

function isDictionary(given: unknown): boolean {
  return typeof given === "object" && given !== null && !Array.isArray(given) && isPlainObject(given);
}
