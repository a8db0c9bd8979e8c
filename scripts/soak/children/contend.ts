import { once } from "node:events";
import { Ledger } from "../contention/ledger.js";
import { keep, read, watch } from "../contention/look.js";
import type { Orders } from "../contention/orders.js";
import { openAndClose, openDesk, overwrite, writeOptimistically } from "../contention/write.js";

/** Does as it is told from the moment that the parent says so, and tells what came of it. */
const orders = JSON.parse(process.argv[2] ?? "") as Orders;
const ledger = new Ledger(orders);
process.stdout.write("ready\n");
await once(process.stdin, "data");
process.stdin.destroy();
const end = performance.now() + orders.ms;
const isOver = () => performance.now() >= end;

try {
  await work();
} catch (error) {
  ledger.fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
process.stdout.write(JSON.stringify(ledger.account()));

async function work(): Promise<void> {
  if (orders.role === "watcher") await watch(orders, ledger);
  else if (orders.role === "reader") await read(orders, ledger, isOver);
  else if (orders.role === "keeper") await keep(orders, ledger, isOver);
  else {
    const desk = openDesk(orders, ledger, isOver);
    const verbs = { opener: openAndClose, optimist: writeOptimistically, overwriter: overwrite };
    await verbs[orders.role](desk);
    desk.store.close();
  }
}
