import { existsSync, readFileSync } from "node:fs";

const accounts = "/proc/self/schedstat";
const keepsAccounts = existsSync(accounts);

/** Begins to measure; what it gives tells how many ms have passed, without those in which others had the processor. */
export function startWatch(): () => number {
  const [began, waited] = [performance.now(), waitedMs()];
  return () => performance.now() - began - (waitedMs() - waited);
}

/** How long this process was ready to run, and did not, where the system keeps account of that. */
function waitedMs(): number {
  return keepsAccounts ? Number(readFileSync(accounts, "utf8").split(" ")[1]) / 1_000_000 : 0;
}
