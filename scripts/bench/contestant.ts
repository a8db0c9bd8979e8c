/** What is measured against each other: each does the same work in a process of its own, on a file of its own. */
export interface Contestant {
  /** Prepares what the yardstick is to be handed, which is not measured. */
  readonly ready?: (steps: readonly Step[]) => void;
  /** Sets one key, as durably as was asked for. */
  readonly set?: (key: string, value: unknown) => Answer<void>;
  /** Sets many keys, all or none. */
  readonly setTogether?: (steps: readonly Step[]) => Answer<void>;
  /** Adds an item to the list of a key; where this is missing, the list is set anew. */
  readonly push?: (key: string, item: unknown) => Answer<void>;
  /** Reads every event and applies it; gives how many keys there are. */
  readonly fold?: () => Answer<number>;
  /** How large the file is once all is written to it. */
  readonly bytes: () => number;
  readonly close: () => Answer<void>;
}

type Answer<Result> = Result | Promise<Result>;

export type Step = readonly [key: string, value: unknown];

export type Durability = "full" | "normal";

/** Where a contestant works, and how safely. */
export interface Place {
  readonly file: string;
  readonly durability: Durability;
}

export type Contestants = Readonly<Record<string, (place: Place) => Contestant | Promise<Contestant>>>;
