import { ContextError } from "../core/errors.js";
import type { Origin } from "../core/event.js";
import type { Intent } from "../workflows/change.js";
import { activeTrace } from "./active-trace.js";
import type { Attribution } from "./attribution.js";
import { checkObject, checkWellFormed } from "./check-option.js";
import { currentScope } from "./scope.js";

/** What may be said beside any write. */
export interface WriteOptions extends Attribution {
  /** Refuses the write with VERSION_CONFLICT unless this is the present version. */
  readonly expectedVersion?: number;
  /** A repeated command under the same key gives the first one's outcome and writes nothing. */
  readonly idempotencyKey?: string;
}

/**
 * Reads the options of a write.
 * @throws {ContextError} OPTION_INVALID
 */
export function intentOf(options: WriteOptions, defaults: Attribution): Intent {
  const { expectedVersion, idempotencyKey } = checkObject("options", options);
  if (expectedVersion !== undefined && !Number.isSafeInteger(expectedVersion)) {
    throw new ContextError("OPTION_INVALID", { option: "expectedVersion", why: "it is not a whole number" });
  }
  if (idempotencyKey === "") {
    throw new ContextError("OPTION_INVALID", { option: "idempotencyKey", why: "it is empty" });
  }
  return { origin: originOf(options, defaults), expectedVersion };
}

/**
 * Who makes an event, and why: what was said now, else around it, else when the store was opened. Tags are
 * taken from all three, the nearest first, and from the active span of a trace.
 * @throws {ContextError} OPTION_INVALID
 */
export function originOf(options: WriteOptions, defaults: Attribution): Origin {
  const { phase, attribution } = currentScope();
  checkObject("options", options);
  // The letters of a text would become a tag each.
  if (options.tags !== undefined) checkObject("tags", options.tags);
  return {
    actor: text("actor", options.actor ?? attribution.actor ?? defaults.actor),
    cause: text("cause", options.cause ?? attribution.cause ?? defaults.cause),
    phase,
    batch: null,
    tags: tagsOf({ ...defaults.tags, ...attribution.tags, ...options.tags }),
    idempotencyKey: text("idempotencyKey", options.idempotencyKey),
  };
}

type Tags = Readonly<Record<string, string>>;

function tagsOf(given: Tags): Tags | null {
  const names = Object.keys(given);
  for (const name of names) text(`tags.${name}`, given[name]);
  const trace = activeTrace();
  if (trace !== undefined && !namesTrace(given)) return { ...trace, ...given };
  return names.length === 0 ? null : given;
}

/** One id of the caller's and one of the active span would name a span that is nowhere. */
function namesTrace(tags: Tags): boolean {
  return Object.hasOwn(tags, "trace_id") || Object.hasOwn(tags, "span_id");
}

function text(option: string, given: string | undefined): string | null {
  checkWellFormed(option, given);
  return given ?? null;
}
