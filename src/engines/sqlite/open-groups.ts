/**
 * The groups of this thread that hold the write lock of a file, each with the way to commit it. Whoever waits for a
 * lock here keeps the thread, and so the turn of the event loop from ending in which the group would be committed.
 */
const holders = new Map<string, () => void>();

/** Notes that a group holds a file's lock; gives the way to say that it does no more. */
export function noteGroup(file: string, commit: () => void): () => void {
  holders.set(file, commit);
  return () => holders.delete(file);
}

/** Has the group of another handle in this thread committed, if it holds the file's lock. */
export function endGroupOf(file: string): void {
  if (holders.size > 0) holders.get(file)?.();
}
