import type { DraftEffect } from "../event.js";
import { type Skipped, sortOffered } from "../merge/strategy.js";
import type { Taken } from "../value/codec.js";
import type { Command } from "./command.js";

/** What a verb over many keys wrote, and what it left alone. */
export interface Written {
  readonly written: readonly string[];
  readonly skipped: readonly Skipped[];
}

/** Sets many keys in one event; protected keys that have a value are skipped. */
export function updateKeys(offered: ReadonlyMap<string, Taken>): Command<Written> {
  return {
    asked: () => ["update", [...offered].map(([key, { text }]) => [key, text])],
    decide: (state) => {
      const { written, skipped } = sortOffered(state, offered, "overwrite");
      const keys = [...written.keys()];
      return {
        draft: {
          type: "values_updated",
          effects: settings(written),
          details: {
            keys,
            count: keys.length,
            skippedProtected: skipped.length,
            skipped: skipped.map(({ key, why }) => ({ key, why })),
          },
        },
        outcome: { written: keys, skipped },
      };
    },
  };
}

/** Effects that set persistent keys, in the order given. */
export function settings(written: ReadonlyMap<string, Taken>): DraftEffect[] {
  return [...written].map(([key, held]) => ({ op: "set", scope: "persistent", key, held }));
}
