import type { Difference } from "../index.js";
import type { Cli } from "./cli.js";
import type { DifferencePartShape } from "./json-event-shapes.js";

/** A difference as documents show it, change by change. */
export function differenceShape(cli: Cli, difference: Difference): DifferencePartShape[] {
  return difference.map((change) => {
    const { kind, path } = change;
    switch (change.kind) {
      case "added":
        return { kind, path, after: cli.treeOf(change.after) };
      case "removed":
        return { kind, path, before: cli.treeOf(change.before) };
      case "changed": {
        const [before, after] = [cli.treeOf(change.before), cli.treeOf(change.after)];
        return { kind, path, before, after, ...(change.text !== undefined && { text: change.text }) };
      }
    }
  });
}
