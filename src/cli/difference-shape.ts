import type { Difference } from "../index.js";
import type { Cli } from "./cli.js";
import type { DifferenceShape } from "./json-shapes.js";

/** A difference as documents show it. */
export function differenceShape(cli: Cli, difference: Difference): DifferenceShape {
  return difference.map((change) => ({
    kind: change.kind,
    path: change.path,
    ...("before" in change && { before: cli.treeOf(change.before) }),
    ...("after" in change && { after: cli.treeOf(change.after) }),
  }));
}
