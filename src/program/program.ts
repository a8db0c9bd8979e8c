/**
 * How work waits. A workflow is written once as a generator that yields whatever may be a promise; the
 * engine's mode decides who drives it. Nothing here knows contexts or engines.
 */

/** Work that may wait: it yields answers that are there already or still promised, and ends with its own. */
export type Program<Result> = Generator<unknown, Result, unknown>;

/** Says when an engine answers: at once, or later. */
export type Mode = "sync" | "async";

/** What a public method gives back in each mode. */
export type Returns<M extends Mode, Result> = { sync: Result; async: Promise<Result> }[M];

/** An answer that is there already, or promised. */
export type Waitable<Result> = Result | Promise<Result>;

/** Waits, inside a program, for an answer of the engine. */
export function* wait<Result>(answer: Waitable<Result>): Program<Result> {
  // The driver sends back exactly what this answer settled to; the generator protocol cannot say so.
  return (yield answer) as Result;
}

/** Drives a program whose every answer is there at once; a promise in it is a bug of ours. */
export function runSync<Result>(program: Program<Result>): Result {
  let step = program.next();
  while (step.done !== true) {
    if (step.value instanceof Promise) {
      throw new Error("A synchronous engine was handed a promise; this is a bug in durable-context.");
    }
    step = program.next(step.value);
  }
  return step.value;
}

/** Drives a program that must not wait, whatever the engine; gives nothing, and lets it be, if it would have to. */
export function runAtOnce<Result>(program: Program<Result>): { readonly result: Result } | undefined {
  const step = program.next();
  if (step.done === true) return { result: step.value };
  // Whatever comes of the question it asked, nobody will hear it.
  if (step.value instanceof Promise) step.value.catch(() => undefined);
  return undefined;
}

/** Drives a program of any engine; its first stretch runs before this returns, so call order is queue order. */
export async function runAsync<Result>(program: Program<Result>): Promise<Result> {
  let step = program.next();
  while (step.done !== true) {
    let settled: unknown;
    try {
      settled = await step.value;
    } catch (error) {
      step = program.throw(error);
      continue;
    }
    step = program.next(settled);
  }
  return step.value;
}
