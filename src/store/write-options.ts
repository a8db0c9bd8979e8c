import { ContextError } from "../core/errors.js";
import type { Origin } from "../core/event.js";
import type { Intent } from "../workflows/change.js";
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
 * taken from all three, the nearest first.
 * @throws {ContextError} OPTION_INVALID
 */
export function originOf(options: WriteOptions, defaults: Attribution): Origin {
  const { phase, attribution } = currentScope();
  return {
    actor: text("actor", options.actor ?? attribution.actor ?? defaults.actor),
    cause: text("cause", options.cause ?? attribution.cause ?? defaults.cause),
    phase,
    batch: null,
    tags: tagsOf({ ...defaults.tags, ...attribution.tags, ...options.tags }),
    idempotencyKey: text("idempotencyKey", options.idempotencyKey),
  };
}

function tagsOf(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> | null {
  const names = Object.keys(tags);
  for (const name of names) text(`tags.${name}`, tags[name]);
  return names.length === 0 ? null : tags;
}

function text(option: string, given: string | undefined): string | null {
  checkWellFormed(option, given);
  return given ?? null;
}
