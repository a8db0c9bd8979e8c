import { once } from "node:events";
import { Ledger } from "../contention/ledger.js";
import { keep, prune, read, watch } from "../contention/look.js";
import type { Orders, Role } from "../contention/orders.js";
import { openAndClose, openDesk, overwrite, writeOptimistically } from "../contention/write.js";

/** Does as it is told from the moment that the parent says so, and tells what came of it. */
const orders = JSON.parse(process.argv[2] ?? "") as Orders;
const ledger = new Ledger(orders);
const writers = { opener: openAndClose, optimist: writeOptimistically, overwriter: overwrite };
let end = Infinity;
// Opened before, so that the time is for writing.
const desk = isWriter(orders.role) ? openDesk(orders, ledger, () => performance.now() >= end) : undefined;
process.stdout.write("ready\n");
await once(process.stdin, "data");
process.stdin.destroy();
end = performance.now() + orders.ms;
const isOver = () => performance.now() >= end;

try {
  await work();
} catch (error) {
  ledger.fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
process.stdout.write(JSON.stringify(ledger.account()));

async function work(): Promise<void> {
  const { role } = orders;
  if (desk !== undefined && isWriter(role)) {
    await writers[role](desk);
    desk.store.close();
  } else if (role === "watcher") await watch(orders, ledger);
  else if (role === "pruner") await prune(orders, ledger, isOver);
  else if (role === "reader") await read(orders, ledger, isOver);
  else await keep(orders, ledger, isOver);
}

function isWriter(role: Role): role is keyof typeof writers {
  return role in writers;
}
