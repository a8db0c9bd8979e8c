/** Comparisons of one element, line or word with another that alignments may make: about a quarter second. */
const maximumSteps = 10_000_000;

/** What the changes of a difference may take up: about 100,000 changes a few levels down, some 20 MB. */
const maximumRoom = 2_000_000;

/** What a change takes up besides the steps of its path. */
const roomPerChange = 16;

/** What is left to spend on one difference. Whoever finds it spent describes what remains more coarsely. */
export class Budget {
  #steps = maximumSteps;
  #room = maximumRoom;

  /** Takes steps, and says whether there were so many. */
  spend(steps: number): boolean {
    this.#steps -= steps;
    return this.#steps >= 0;
  }

  /** Counts the changes below a path for which there is room. */
  countThatFit(pathLength: number): number {
    return Math.floor(this.#room / (roomPerChange + pathLength));
  }

  /** Takes room for so many changes below a path, unless there is too little left. */
  reserve(changes: number, pathLength: number): boolean {
    const room = changes * (roomPerChange + pathLength);
    if (room > this.#room) return false;
    this.#room -= room;
    return true;
  }
}
