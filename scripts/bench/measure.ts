/** How long work takes, in ms. */
export function timeOf(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

/** The median; less moved by a busy machine than the mean. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** The median time of work that is done `rounds` times, in ms, after one time that does not count. */
export function medianTimeOf(rounds: number, work: () => void): number {
  work();
  return median(Array.from({ length: rounds }, () => timeOf(work)));
}
