import { type MergeStrategy, sortOffered } from "./strategy.js";

/** Adds keys and overwrites those that are there. */
export const update: MergeStrategy = {
  name: "update",
  check: () => undefined,
  rename: (key) => key,
  takes: "changes",
  needsBase: false,
  plan: (state, { offered }) => ({ ...sortOffered(state, offered, "overwrite"), deleted: [], conflicts: [] }),
};
