import type { ErrorCode } from "../index.js";

/** What a command's end means to the shell. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  notFound: 3,
  conflict: 4,
  integrity: 5,
  findings: 6,
  interrupted: 130,
} as const;

export type Ending = keyof typeof exitCodes;

/** How a command ends that the store refused; codes that are not here end it as a failure. */
const endings: Readonly<Partial<Record<ErrorCode, Ending>>> = {
  ADDRESS_INVALID: "usage",
  BASE_REQUIRED: "usage",
  ID_INVALID: "usage",
  KEY_INVALID: "usage",
  OPTION_INVALID: "usage",
  PATH_INVALID: "usage",
  PREFIX_REQUIRED: "usage",
  SNAPSHOT_AMBIGUOUS: "usage",
  UNKNOWN_STRATEGY: "usage",

  ADDRESS_NOT_FOUND: "notFound",
  CONTEXT_DELETED: "notFound",
  CONTEXT_NOT_FOUND: "notFound",
  EXPORT_NOT_FOUND: "notFound",
  PATH_NOT_FOUND: "notFound",
  PHASE_NOT_FOUND: "notFound",
  STORE_NOT_FOUND: "notFound",

  BACKUP_EXISTS: "conflict",
  CONTEXT_EXISTS: "conflict",
  CONTEXT_HAS_FORKS: "conflict",
  IDEMPOTENCY_MISMATCH: "conflict",
  IMPORT_REPEATED: "conflict",
  KEY_PROTECTED: "conflict",
  REDACTION_INHERITED: "conflict",
  SALVAGE_EXISTS: "conflict",
  STORE_IN_USE: "conflict",
  THREAD_EXISTS: "conflict",
  VALUE_ERASED: "conflict",
  MERGE_CONFLICT: "conflict",
  VERSION_CONFLICT: "conflict",

  BACKUP_UNSOUND: "integrity",
  CHECKPOINTS_UNREADABLE: "integrity",
  EVENT_UNREADABLE: "integrity",
  EXPORT_INVALID: "integrity",
  PYTHON_INVALID: "integrity",
  PYTHON_REFUSED: "integrity",
  STORE_ALTERED: "integrity",
  STORE_BEHIND: "integrity",
  STORE_CORRUPT: "integrity",
  STORE_INCOMPLETE: "integrity",
  STORE_UNANCHORED: "integrity",
};

/** How a command ends that the store refused with this code. */
export function endingOf(code: ErrorCode): Ending {
  return endings[code] ?? "failure";
}
