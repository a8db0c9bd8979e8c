import type { Snapshot } from "../index.js";
import type { Cli } from "./cli.js";
import { isoTime } from "./iso-time.js";
import type { SnapshotShape } from "./json-shapes.js";

/** A snapshot as documents show it. */
export function shapeOfSnapshot(cli: Cli, snapshot: Snapshot): SnapshotShape {
  const { id, reason, version, sequence, takenAt, metadata, isPinned, bytes } = snapshot;
  const said = { metadata: cli.treeOf(metadata), isPinned, bytes };
  return { id, reason, version, sequence, takenAt: isoTime(takenAt), ...said };
}
