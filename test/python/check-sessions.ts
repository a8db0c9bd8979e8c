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
 * Imports every file of a folder of sessions, each into an empty store, and compares what it became with the
 * `expected.json` beside it; folders with files to refuse are among them.
 */
export async function checkSessions(folder: string, open: () => Store<Mode>): Promise<CheckedFile[]> {
  const checked: CheckedFile[] = [];
  for (const session of foldersIn(folder)) {
    // The file that belongs to the session.
    const expected = JSON.parse(readFileSync(join(folder, session, "expected.json"), "utf8")) as Expected;
    for (const file of sessionFiles) {
      const path = join(folder, session, file);
      if (!existsSync(path)) continue;
      checked.push({ file: join(session, file), ...(await checkFile(path, expected, open())) });
    }
  }
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
  expected: Expected,
  store: Store<Mode>,
): Promise<Omit<CheckedFile, "file">> {
  const isToBeRefused = expected.expect !== undefined || path.endsWith(truncated);
  try {
    const { context: id } = await store.importPython(path);
    if (isToBeRefused) return { refused: undefined, differences: ["it was not refused"] };
    const context = await store.find(id);
    const content = path.endsWith(".json") ? expected.json_content : expected.content;
    const observed = context && (await tellSession(context));
    const { faults } = await store.verify();
    const unsound = faults.map(({ why }) => `the store is not sound: ${why}`);
    return { refused: undefined, differences: [...formDifferences(content, observed), ...unsound] };
  } catch (error) {
    const refused = tellRefusal(error);
    const left = (await store.contexts()).map(({ id }) => `it left context ${id}`);
    return { refused, differences: isToBeRefused ? left : ["it was refused", ...left] };
  } finally {
    await store.close();
  }
}

function tellRefusal(error: unknown): string {
  if (isContextError(error, "PYTHON_INVALID"))
    return `${error.code} at ${error.details.at}: ${error.details.why}`;
  if (isContextError(error, "PYTHON_REFUSED"))
    return `${error.code} at ${error.details.at}: ${error.details.what}`;
  throw error;
}
