import { ContextError } from "../errors.js";
import { type MergeStrategy, sortOffered } from "./strategy.js";

/** Writes every key under a prefix, overwriting what has that full name. */
export const prefixed: MergeStrategy = {
  name: "prefixed",
  check: ({ prefix }) => {
    if (prefix === undefined || prefix === "")
      throw new ContextError("PREFIX_REQUIRED", { strategy: "prefixed" });
  },
  rename: (key, prefix) => `${prefix ?? ""}${key}`,
  takes: "changes",
  needsBase: false,
  plan: (state, { offered }) => ({ ...sortOffered(state, offered, "overwrite"), deleted: [], conflicts: [] }),
};
