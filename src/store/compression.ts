import { ContextError } from "../core/errors.js";
import { checkWhole } from "./check-option.js";

/** Whether contents of more than so many bytes are written compressed, or none. Bytes are those of JSON text in UTF-8. */
export type Compression = "off" | { readonly overBytes: number };

/**
 * Gives over how many bytes contents are compressed; undefined where none are.
 * @throws {ContextError} OPTION_INVALID
 */
export function compressOverBytes(given: Compression = "off"): number | undefined {
  if (given === "off") return undefined;
  // A caller without types may pass anything.
  const overBytes = (given as Partial<Exclude<Compression, string>> | null)?.overBytes;
  if (overBytes === undefined) {
    const why = 'it is neither "off" nor an object with overBytes';
    throw new ContextError("OPTION_INVALID", { option: "compression", why });
  }
  checkWhole("compression.overBytes", overBytes);
  return overBytes;
}
