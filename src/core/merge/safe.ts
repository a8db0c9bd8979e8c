import { type MergeStrategy, sortOffered } from "./strategy.js";

/** Adds keys that are absent; whatever is there stays. */
export const safe: MergeStrategy = {
  name: "safe",
  check: () => undefined,
  rename: (key) => key,
  takes: "changes",
  needsBase: false,
  plan: (state, { offered }) => ({ ...sortOffered(state, offered, "keep"), deleted: [], conflicts: [] }),
};
