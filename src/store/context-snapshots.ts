import { pinSnapshot, unpinSnapshot } from "../core/commands/pin.js";
import type { Snapshot } from "../core/snapshot.js";
import type { Mode, Returns } from "../program/program.js";
import { restore } from "../workflows/restore.js";
import { describeSnapshot, snapshot } from "../workflows/snapshot.js";
import { checkChoice, checkFlag } from "./check-option.js";
import { ContextPhases } from "./context-phases.js";
import { type Address, pointOf, snapshotName } from "./point.js";
import type { RestoreOptions } from "./restore-options.js";
import type { SnapshotOptions } from "./snapshot-options.js";
import type { WriteOptions } from "./write-options.js";

/** The verbs that mark versions and go back to them. */
export class ContextSnapshots<Values extends object, M extends Mode> extends ContextPhases<Values, M> {
  /**
   * Marks the present version under a reason, so that it can be restored. The newest 50 stay listed, or what the
   * store's `retention` says, and those that are pinned; one that leaves the list loses its name only.
   * @example ctx.snapshot("released", { pin: true })
   */
  snapshot(reason = "", options: SnapshotOptions = {}): Returns<M, Snapshot> {
    return this.write(options, (intent, live) => {
      const { metadata = {}, pin: isPinned = false } = options;
      checkFlag("pin", isPinned);
      const described = describeSnapshot(this.core.site.codec, { reason, metadata, isPinned });
      return snapshot(this.core.site, live, described, intent);
    });
  }

  /**
   * Keeps a snapshot listed, whatever others are taken; tells whether that is new. It may be named by its id, or
   * by a reason that no other has.
   * @throws {ContextError} ADDRESS_NOT_FOUND where it is not listed (any more), SNAPSHOT_AMBIGUOUS
   */
  pin(snapshot: Snapshot | string, options: WriteOptions = {}): Returns<M, boolean> {
    return this.change(() => pinSnapshot(snapshotName(snapshot), this.core.site.codec), options);
  }

  /**
   * Lets a snapshot go as others do, when the next one is taken; tells whether it was pinned.
   * @throws {ContextError} ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
   */
  unpin(snapshot: Snapshot | string, options: WriteOptions = {}): Returns<M, boolean> {
    return this.change(() => unpinSnapshot(snapshotName(snapshot)), options);
  }

  /**
   * Makes the persistent keys what they were, as one more change: of a snapshot, a version, a time, or the
   * newest snapshot. Protected keys keep their present values. Tells whether there was such a state.
   * @throws {ContextError} VALUE_ERASED where values of then were erased, unless with `erased: "keep"`
   */
  restore(address?: Address, options: RestoreOptions = {}): Returns<M, boolean> {
    return this.write(options, (intent, live) => {
      const point = address === undefined ? undefined : pointOf(address);
      const { erased = "refuse" } = options;
      checkChoice("erased", erased, ["refuse", "keep"]);
      return restore(this.core.site, live, { point, keepsErased: erased === "keep" }, intent);
    });
  }
}
