import type { EventDraft } from "../event.js";
import type { State } from "../state.js";

/** An event that an import makes, and when that of which it tells happened, in ms since the epoch. */
export interface DatedDraft extends EventDraft {
  readonly at: number;
}

/** Events that an import makes, one after the other: whoever records one tells the state after it. */
export type Drafts<Result = void> = Generator<DatedDraft, Result, State>;
