import type { LimitRules, LimitWarning } from "../core/limits.js";
import type { Seal } from "../core/payload.js";
import type { SnapshotRule } from "../core/retention.js";
import type { State } from "../core/state.js";
import type { PatchMode } from "../core/with-patches.js";
import type { Codec } from "../core/value/codec.js";
import type { Line } from "./line.js";

/** What deciding and recording need: values, time, chance, and the store's rules. */
export interface Workplace {
  readonly codec: Codec;
  readonly host: Host;
  readonly rules: StoreRules;
  readonly warn: (warning: StoreWarning) => void;
}

/** Time, chance and digests, which programs are handed. */
export interface Host extends Seal {
  /** Ms since the epoch. */
  readonly now: () => number;
  /** A fresh id, unique everywhere. */
  readonly newId: () => string;
}

export interface StoreRules {
  readonly limits: LimitRules;
  /** Which snapshots a context lists. */
  readonly snapshots: SnapshotRule;
  /** Whether changes of large values are stored as such. */
  readonly patches: PatchMode;
  /** How many changes the change log shows. */
  readonly changes: number;
  /** Names that are protected from the start in every new context. */
  readonly protect: readonly string[];
}

/** A context in use: its state in memory, as of the last write or refresh. */
export interface Live {
  readonly context: number;
  /** Its floors as of the last question to the log. */
  line: Line;
  state: State;
  /** What the engine's change mark was when the state was brought up to date. */
  mark: number;
  /** Take a snapshot whenever so many versions came since the newest one; 0 for never. */
  autoSnapshot: number;
  isDeleted: boolean;
}

/** Something that the owner of a store may want to know; it changes nothing. */
export type StoreWarning =
  | ({ readonly kind: "limit"; readonly context: string } & LimitWarning)
  /** A commit stands, but the store's anchor could not be told of it: its loss would go unseen. */
  | { readonly kind: "anchor"; readonly why: string }
  /** Writes that were answered, and that no `durable()` had covered, are lost, or may be; the store must be opened anew. */
  | { readonly kind: "durability"; readonly why: string }
  | {
      readonly kind: "unfit";
      readonly context: string;
      readonly key: string;
      readonly issues: readonly { readonly path: string; readonly message: string }[];
    };

/** The present name of a context. */
export function nameOf(state: State): string {
  const name = state.scopes.context.get("name")?.value;
  return typeof name === "string" ? name : "";
}
