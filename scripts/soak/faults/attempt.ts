/** What a process does when a write fails: it dies, asks the same handle again, or opens the store anew. */
export const policies = ["die", "retry", "reopen"] as const;
export type Policy = (typeof policies)[number];

/** What a process is told to do while the file system fails it. */
export interface Trial {
  readonly path: string;
  readonly policy: Policy;
}

/** What a process was told when it tried something: a step, or to open or close the store. */
export interface Attempt {
  readonly key: string;
  /** Which opening of the store it was; handles of one are poisoned together. */
  readonly opening: number;
  readonly told: Told;
}

/** That it was done, or why not. */
export type Told =
  | { readonly isDone: true; readonly outcome: unknown; readonly sequence?: number; readonly hash?: string }
  | { readonly isDone: false; readonly code: string; readonly isOurs: boolean; readonly message: string };

/** The code by which a write says that it may be there or not. */
export const unknown = "OUTCOME_UNKNOWN";
