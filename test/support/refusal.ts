import { type ContextError, isContextError } from "../../src/index.js";

/** Does what must be refused, and gives the refusal. */
export async function refusalOf(work: () => unknown): Promise<ContextError> {
  try {
    await work();
  } catch (error) {
    if (isContextError(error)) return error;
    throw error;
  }
  throw new Error("It was not refused.");
}
