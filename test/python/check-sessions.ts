import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isContextError, type Mode, type Store } from "../../src/index.js";
import { formDifferences } from "./form-differences.js";
import { tellSession } from "./told-session.js";

/** How one file of a folder of sessions fared. */
export interface CheckedFile {
  readonly file: string;
  /** Of a refused file, the code, the place and the reason; of others nothing. */
  readonly refused: string | undefined;
  /** What is not as `expected.json` says; nothing if all is. */
  readonly differences: readonly string[];
}

/** What is read of an `expected.json`. */
interface Expected {
  readonly content?: unknown;
  readonly json_content?: unknown;
  readonly expect?: "refuse" | "refuse-or-opaque";
}

/**
 * Imports every file of a folder of sessions into an empty store, each under its path, and compares what it became
 * with the `expected.json` beside it; folders with files to refuse may be among them.
 */
export async function checkSessions(folder: string, store: Store<Mode>): Promise<CheckedFile[]> {
  const checked: CheckedFile[] = [];
  for (const session of foldersIn(folder)) {
    // The file that belongs to the session.
    const expected = JSON.parse(readFileSync(join(folder, session, "expected.json"), "utf8")) as Expected;
    for (const name of sessionFiles) {
      const file = join(session, name);
      if (existsSync(join(folder, file)))
        checked.push({ file, ...(await checkFile(join(folder, file), file, expected, store)) });
    }
  }
  const { faults } = await store.verify();
  for (const { context, why } of faults)
    checked.push({
      file: context ?? "the store",
      refused: undefined,
      differences: [`it is not sound: ${why}`],
    });
  return checked;
}

const truncated = "session.truncated.json";
const sessionFiles = ["session.json", "session.pkl", "session.p5.pkl", truncated];

/** Folders with an expected.json, by their paths, at any depth. */
function foldersIn(folder: string, path = ""): string[] {
  const within = readdirSync(join(folder, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => foldersIn(folder, join(path, entry.name)));
  return existsSync(join(folder, path, "expected.json")) ? [path, ...within] : within;
}

async function checkFile(
  path: string,
  as: string,
  expected: Expected,
  store: Store<Mode>,
): Promise<Omit<CheckedFile, "file">> {
  const isToBeRefused = expected.expect !== undefined || path.endsWith(truncated);
  const before = await store.contexts();
  try {
    await store.importPython(path, { as });
    if (isToBeRefused) return { refused: undefined, differences: ["it was not refused"] };
    const context = await store.find(as);
    const content = path.endsWith(".json") ? expected.json_content : expected.content;
    const observed = context && (await tellSession(context));
    return { refused: undefined, differences: formDifferences(content, observed) };
  } catch (error) {
    const refused = tellRefusal(error);
    const left = (await store.contexts()).length === before.length ? [] : ["it left a context"];
    return { refused, differences: isToBeRefused ? left : ["it was refused", ...left] };
  }
}

function tellRefusal(error: unknown): string {
  if (isContextError(error, "PYTHON_INVALID"))
    return `${error.code} at ${error.details.at}: ${error.details.why}`;
  if (isContextError(error, "PYTHON_REFUSED"))
    return `${error.code} at ${error.details.at}: ${error.details.what}`;
  throw error;
}
