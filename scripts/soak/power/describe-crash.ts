import type { Pending } from "./disk.js";
import type { Loss } from "./loss.js";
import type { Deed } from "./trace.js";

/** A power cut, and what it did. */
export interface Crash {
  /** The number of the last deed before it. */
  readonly number: number;
  readonly deed: Deed;
  readonly pending: readonly Pending[];
  readonly loss: Loss;
}

/** Says after which deed the power went, and what did not arrive: by fate and file, the numbers of the deeds. */
export function describeCrash({ number, deed, pending, loss }: Crash): string {
  const hit = new Map<string, number[]>();
  for (const [place, { deed: at, file }] of pending.entries()) {
    const fate = loss.fates[place] ?? "lost";
    if (fate === "kept") continue;
    const what = `${fate} of ${file}`;
    hit.set(what, [...(hit.get(what) ?? []), at]);
  }
  const parts = [...hit].map(([what, numbers]) => `${what}: ${listRanges(numbers)}`);
  return `power cut after #${number} (${deed.kind}), ${loss.what} [${parts.join("; ")}]`;
}

/** Numbers in ascending order, such as "3-7, 9". */
function listRanges(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `#${from}` : `#${from}-${to}`)).join(", ");
}
