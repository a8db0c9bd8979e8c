import { describe } from "vitest";
import type { OpenEngine } from "../support/engine-programs.js";
import { contextsContract } from "./contract/contexts.js";
import { cursorsContract } from "./contract/cursors.js";
import { eventsContract } from "./contract/events.js";
import { keysContract } from "./contract/keys.js";
import { listingContract } from "./contract/listing.js";
import { logOrderContract } from "./contract/log-order.js";
import { rebuildContract } from "./contract/rebuild.js";
import { runsContract } from "./contract/runs.js";
import { sizesContract } from "./contract/sizes.js";
import { transactionsContract } from "./contract/transactions.js";

/** What every engine promises behind the port, in either mode. */
export function engineContract(name: string, open: OpenEngine): void {
  describe(name, () => {
    eventsContract(open);
    contextsContract(open);
    listingContract(open);
    logOrderContract(open);
    keysContract(open);
    sizesContract(open);
    runsContract(open);
    cursorsContract(open);
    rebuildContract(open);
    transactionsContract(open);
  });
}
