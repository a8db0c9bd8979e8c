/** Where a fold of a caller's own has come to: the last event it took in, and what it had made by then. */
export interface CursorRow extends CursorListing {
  /** What the fold had made, as encoded text. */
  readonly value: string;
}

/** A cursor without what its fold has made. */
export interface CursorListing {
  readonly name: string;
  readonly sequence: number;
  /** Of that event: another history has another one. */
  readonly hash: string;
  readonly updatedAt: number;
}
