/** A state that is asked about. */
export interface JudgedState {
  /** Names it, for messages. */
  readonly reference: string;
  readonly version: number;
  /** Its keys and values as JSON text; what JSON lacks is tagged. */
  readonly json: string;
}

/** Says whether what is looked for has turned true. */
export type Judge = (state: JudgedState) => boolean;
