import { isContextError } from "../core/errors.js";
import type { EventRecord } from "../core/event.js";
import { linkFault } from "../core/link-fault.js";
import { parsePayload, type StoredPayload } from "../core/payload.js";
import { payloadFault } from "../core/payload-schema.js";
import type { State } from "../core/state.js";
import type { RowWrite } from "../projections/rows.js";
import { reproject } from "./rebuild.js";
import type { Workplace } from "./workplace.js";

/** An event that fits what came before it: what it says, its rows, and the state after it. */
export interface FittingEvent {
  readonly payload: StoredPayload;
  readonly rows: readonly RowWrite[];
  readonly after: State;
}

/**
 * Checks an event as the next one of a chain, to the letter, or says why it is not.
 * @throws {ContextError} CLASS_UNKNOWN
 */
export function checkEvent(
  { codec, host }: Pick<Workplace, "codec" | "host">,
  before: State,
  event: EventRecord,
  name: string,
): FittingEvent | { readonly why: string } {
  try {
    const payload = parsePayload(event.payload, { context: name, sequence: event.sequence });
    const why = payloadFault(event.payload, payload) ?? linkFault(before, event, payload, host.digest);
    return why === undefined ? { payload, ...reproject(before, event, codec, name) } : { why };
  } catch (error) {
    if (!isContextError(error) || error.code === "CLASS_UNKNOWN") throw error;
    return { why: error.message };
  }
}
