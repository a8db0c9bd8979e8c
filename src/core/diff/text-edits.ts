import { ContextError } from "../errors.js";
import type { TextEdit } from "./difference.js";

/**
 * Applies edits to the text they were made for.
 * @throws {ContextError} PATCH_INVALID if an edit removes what is not there
 */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  const pieces: string[] = [];
  let done = 0;
  edits.forEach(({ at, removed, inserted }, operation) => {
    if (at < done || at + removed.length > text.length || !text.startsWith(removed, at)) {
      throw new ContextError("PATCH_INVALID", {
        operation,
        path: `character ${at}`,
        why: "what it removes is not there",
      });
    }
    pieces.push(text.slice(done, at), inserted);
    done = at + removed.length;
  });
  return pieces.join("") + text.slice(done);
}
