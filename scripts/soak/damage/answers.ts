import { isContextError, type Store } from "../../../src/index.js";

/** What a store answered to one question: a text, or the code of the error that it threw. */
export type Answer = { readonly text: string } | { readonly refused: string } | { readonly broken: string };

/** Asks a store everything that a caller would, each question by itself. */
export function askAll(store: Store, contexts: readonly string[]): ReadonlyMap<string, Answer> {
  const answers = new Map<string, Answer>();
  const ask = (question: string, read: () => unknown) => answers.set(question, answerOf(read));
  for (const name of contexts) {
    const context = () => store.context(name);
    ask(`${name}: present`, () => [context().data, context().version, context().head().hash]);
    ask(`${name}: head`, () => context().head().sequence);
    for (const version of [0, 1, 2, 5, 9, 14, 20])
      ask(`${name}: @${version}`, () => dataAt(context(), version));
    ask(`${name}: replay`, () => [...context().replay()].map(({ event, view }) => [event, view.data]));
    ask(`${name}: history`, () => context().history({ limit: 1_000 }));
    ask(`${name}: phases`, () => context().phases());
    ask(`${name}: snapshots`, () => context().snapshots());
    ask(`${name}: cursors`, () => context().cursors());
  }
  ask("contexts", () => store.contexts());
  return answers;
}

function dataAt(context: ReturnType<Store["context"]>, version: number): unknown {
  return version > context.version ? "none" : context.at(version).data;
}

function answerOf(read: () => unknown): Answer {
  try {
    return { text: JSON.stringify(read()) };
  } catch (error) {
    if (isContextError(error)) return { refused: error.code };
    return { broken: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}
