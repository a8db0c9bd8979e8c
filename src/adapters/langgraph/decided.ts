import { isContextError } from "../../index.js";
import type { ThreadContext } from "./thread-contexts.js";

/**
 * Has something decided and written on the newest state. Where somebody else wrote in between, it is decided anew:
 * one event, which no lock has to be held for, and nobody's writes are lost.
 */
export function decided(ctx: ThreadContext, write: (expectedVersion: number) => void): void {
  for (;;) {
    try {
      write(ctx.version);
      return;
    } catch (error) {
      if (!isContextError(error, "VERSION_CONFLICT")) throw error;
      ctx.refresh();
    }
  }
}
