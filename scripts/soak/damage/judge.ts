import { isContextError, openStore, type SqliteStoreOptions } from "../../../src/index.js";
import { type Answer, askAll } from "./answers.js";
import { putFiles, type StoreFiles } from "./files.js";

/** What a sound store answers, and which contexts it has. */
export interface Truth {
  readonly contexts: readonly string[];
  readonly answers: ReadonlyMap<string, Answer>;
}

/** What became of a damaged store. */
export interface Verdict {
  /** When damage was told of; `never` is as it should be only where no answer is wrong. */
  readonly reported: "at open" | "at reading" | "by verify" | "never";
  /** Questions that were answered, and wrongly. */
  readonly wrong: readonly string[];
  /** What was neither an answer nor a ContextError, or took too long. */
  readonly broken: readonly string[];
}

type Behind = NonNullable<SqliteStoreOptions["behind"]>;

const mostMs = 5_000;

/** Asks a store everything while nothing has happened to it. */
export function truthOf(path: string, files: StoreFiles): Truth {
  putFiles(path, files);
  using sound = openStore(path, { create: false });
  const contexts = sound.contexts().map(({ id }) => id);
  const answers = askAll(sound, contexts);
  const strange = [...answers].filter(([, answer]) => !("text" in answer));
  if (strange.length > 0 || !sound.verify().isSound)
    throw new Error(`The store is not sound to begin with: ${JSON.stringify(strange)}`);
  return { contexts, answers };
}

/** Puts damaged files in place, opens them, asks everything, and verifies. */
export function judge(path: string, files: StoreFiles, truth: Truth, behind: Behind): Verdict {
  putFiles(path, files);
  const began = performance.now();
  const verdict = examine(path, truth, behind);
  const took = Math.round(performance.now() - began);
  return took < mostMs ? verdict : { ...verdict, broken: [...verdict.broken, `it took ${took} ms`] };
}

function examine(path: string, truth: Truth, behind: Behind): Verdict {
  try {
    using store = openStore(path, { create: false, durability: "normal", behind });
    const answers = [...askAll(store, truth.contexts)];
    const isRefused = answers.some(([, answer]) => "refused" in answer);
    const isSound = isRefused || store.verify().isSound;
    return {
      reported: isRefused ? "at reading" : isSound ? "never" : "by verify",
      wrong: answers
        .filter(([question, answer]) => isWrong(answer, truth.answers.get(question)))
        .map(([q]) => q),
      broken: answers.flatMap(([q, answer]) => ("broken" in answer ? [`${q}: ${answer.broken}`] : [])),
    };
  } catch (error) {
    if (isContextError(error)) return { reported: "at open", wrong: [], broken: [] };
    return { reported: "at open", wrong: [], broken: [String(error)] };
  }
}

function isWrong(answer: Answer, expected: Answer | undefined): boolean {
  return "text" in answer && JSON.stringify(answer) !== JSON.stringify(expected);
}
