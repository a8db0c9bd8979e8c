import { writeSync } from "node:fs";
import type { Store } from "../../src/index.js";
import type { Acknowledgement } from "./assignment.js";

/** How a process tells of its writes. */
export interface Telling {
  readonly durability?: "full" | "grouped" | "normal";
  /** Tells of grouped writes, too, once they returned: what nobody should rely on. */
  readonly tellsAtOnce?: boolean;
}

/** Gives the way to tell of a write: once it returned, or where writes are grouped, once it is durable. */
export function acknowledgeIn(
  store: Store,
  { durability, tellsAtOnce = false }: Telling,
): (told: Acknowledgement) => void {
  return (told) => {
    const tell = () => {
      writeSync(1, `${JSON.stringify(told)}\n`);
    };
    if (durability !== "grouped" || tellsAtOnce) tell();
    // Of what did not become durable nobody is told.
    else store.durable().then(tell, () => undefined);
  };
}
