/** Something that is not as it was written. */
export interface Fault {
  /** The context that is damaged; undefined for the store as a whole, and for one that is kept for its forks. */
  readonly context: string | undefined;
  /** The first event that is wrong, where it is one. */
  readonly sequence: number | undefined;
  /**
   * `file`: the database itself; `chain`: an event, or its place among the others; `erasure`: a value that was
   * erased, and no event tells of it; `projection`: a derived row, which a rebuild mends; `snapshot`: a state
   * that cannot be read back; `head`: the chain does not hold the head it should; `context`: what the store
   * says of the context as a whole is not what its events say.
   */
  readonly kind: "file" | "chain" | "erasure" | "projection" | "snapshot" | "head" | "context";
  readonly why: string;
}

/** Notes a fault of the context that is being verified. */
export type NoteFault = (fault: Omit<Fault, "context">) => void;
