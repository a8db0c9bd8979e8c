/**
 * The pure heart: values, commands, events, state and the rules between them. Nothing here reads a clock,
 * draws a random number, touches a disk or knows an engine.
 *
 * This file has the one class of failures; the table of them all is error-table.ts.
 */
import { type ErrorDetails, errorMessages } from "./error-table.js";

/** Names one failure; match on this, never on a message. */
export type ErrorCode = keyof ErrorDetails;

/**
 * Reports every foreseen failure: `code` says which, `details` holds its facts, the message says what
 * happened, to what, and what to do next. Stored values never appear in it.
 */
export class ContextError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "ContextError";
  readonly code: Code;
  readonly details: Readonly<ErrorDetails[Code]>;

  constructor(code: Code, details: ErrorDetails[Code], options?: { cause?: unknown }) {
    super(errorMessages[code](details), options);
    this.code = code;
    this.details = Object.freeze({ ...details });
  }
}

/** Says whether something caught is a {@link ContextError}, and, if asked, one of that code. */
export function isContextError<Code extends ErrorCode = ErrorCode>(
  error: unknown,
  code?: Code,
): error is ContextError<Code> {
  return error instanceof ContextError && (code === undefined || error.code === code);
}
