import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives work a folder of its own, which goes when the work ends, and whatever it promised has come. */
export function inFolder<Result>(work: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "durable-context-bench-"));
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const result = work(folder);
    if (!(result instanceof Promise)) remove();
    else void result.finally(remove).catch(() => undefined);
    return result;
  } catch (error) {
    remove();
    throw error;
  }
}
