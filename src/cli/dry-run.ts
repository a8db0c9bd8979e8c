import type { Context } from "../index.js";

/** Runs work on a context as it would run, gives its answer, and leaves nothing behind. */
export function rehearse<Answer>(context: Context, work: () => Answer): Answer {
  const stop = new Error("A rehearsal ends without a commit.");
  let answer: { readonly of: Answer } | undefined;
  try {
    context.batch(() => {
      answer = { of: work() };
      throw stop;
    });
  } catch (error) {
    if (error !== stop) throw error;
  }
  if (answer === undefined) throw new Error("A rehearsal ended without an answer; the bug is ours.");
  return answer.of;
}
