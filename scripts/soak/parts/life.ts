import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { bundleChild } from "../bundle.js";
import { growthOf, type Life, type Lifetime } from "../lifetime.js";
import type { Part, Programme, Row, Setting } from "../part.js";

const run = promisify(execFile);

/** How often each is done; the figures of a long run are the ones that are promised. */
const times: Readonly<Record<Programme, Readonly<Record<Life["work"], number>>>> = {
  pick: { contexts: 1_000, stores: 10, events: 2_000 },
  short: { contexts: 10_000, stores: 100, events: 20_000 },
  long: { contexts: 100_000, stores: 1_000, events: 1_000_000 },
};

const said: Readonly<Record<Life["work"], Pick<Row, "what" | "unit">>> = {
  contexts: { what: "contexts opened and closed or forgotten", unit: "handles" },
  stores: { what: "stores opened and closed, with readers, watches and backups", unit: "stores" },
  events: { what: "events written, walked through, watched, verified, exported", unit: "events" },
};

/** Does things very often, and asks whether the process holds more afterwards than before. */
export const life: Part = {
  name: "life",
  lacking: () => (existsSync("/proc/self/fd") ? undefined : "no /proc"),
  async *run(setting) {
    for (const work of ["contexts", "stores", "events"] as const) yield await live(setting, work);
  },
};

async function live({ programme, folder }: Setting, work: Life["work"]): Promise<Row> {
  const given: Life = { path: join(folder, `${work}.db`), work, times: times[programme][work] };
  const program = await bundleChild("live");
  const { stdout } = await run(process.execPath, ["--expose-gc", program, JSON.stringify(given)]);
  const { before, after, failures } = JSON.parse(stdout) as Lifetime;
  const growth = growthOf(before, after);
  const kilobytes = Math.round((after.heapBytes - before.heapBytes) / 1000);
  return {
    ...said[work],
    trials: given.times,
    lost: 0,
    undetected: 0,
    failures: [...failures, ...(growth === undefined ? [] : [growth])],
    note: `${kilobytes} kB more on the heap, ${Math.round(after.peakBytes / 1_000_000)} MB at most in memory`,
  };
}
