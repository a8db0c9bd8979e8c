/** What a process is to do again and again, and how often. */
export interface Life {
  readonly path: string;
  readonly work: "contexts" | "stores" | "events";
  readonly times: number;
}

/** What a process holds at a moment. */
export interface Use {
  /** On the heap and beside it, garbage not counted. */
  readonly heapBytes: number;
  /** The most that the process ever had in memory. */
  readonly peakBytes: number;
  readonly descriptors: number;
}

/** What it held before and afterwards, and what else went wrong. */
export interface Lifetime {
  readonly before: Use;
  readonly after: Use;
  readonly failures: readonly string[];
}

/** What may come and go, such as code that was compiled meanwhile. */
const slackBytes = 4_000_000;

/** What a process may take more at a time, however long the history is: some pages of events, and room for garbage. */
const peakSlackBytes = 200_000_000;

/** Tells what has grown, in words; undefined where nothing has. */
export function growthOf(before: Use, after: Use): string | undefined {
  const heap = after.heapBytes - before.heapBytes;
  const peak = after.peakBytes - before.peakBytes;
  if (heap > slackBytes) return `${heap} bytes more on the heap`;
  if (peak > peakSlackBytes) return `${peak} bytes more in memory at one time`;
  if (after.descriptors > before.descriptors)
    return `${after.descriptors - before.descriptors} more open files`;
  return undefined;
}
