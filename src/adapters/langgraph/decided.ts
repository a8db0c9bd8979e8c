import { isContextError } from "../../index.js";
import type { ThreadContext } from "./thread-contexts.js";

/**
 * Has something decided and written on what is known of the context, in one event, which no lock has to be held for.
 * Where somebody else wrote meanwhile, it is decided anew, so nobody's writes are lost.
 */
export function decided(ctx: ThreadContext, write: (expectedVersion: number) => void): void {
  for (;;) {
    const { version } = ctx;
    try {
      write(version);
      return;
    } catch (error) {
      if (!isContextError(error, "VERSION_CONFLICT") && !isContextError(error, "CHECKPOINT_NOT_FOUND"))
        throw error;
      ctx.refresh();
      if (ctx.version === version) throw error;
    }
  }
}
