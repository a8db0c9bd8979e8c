import { isProtected } from "../state.js";
import { type MergeStrategy, sortOffered } from "./strategy.js";

/** Makes the persistent keys exactly the offered ones; protected keys stay as they are. */
export const replace: MergeStrategy = {
  name: "replace",
  check: () => undefined,
  rename: (key) => key,
  takes: "all",
  needsBase: false,
  plan: (state, { offered }) => ({
    ...sortOffered(state, offered, "overwrite"),
    deleted: [...state.scopes.persistent.keys()].filter(
      (key) => !offered.has(key) && !isProtected(state, key),
    ),
    conflicts: [],
  }),
};
