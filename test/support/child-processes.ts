import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { bundleProgram } from "../../scripts/soak/bundle.js";

/** Programs that tests run as processes of their own. */
const programs = {
  fold: new URL("./children/fold.ts", import.meta.url),
  "open-without-descriptors": new URL("./children/open-without-descriptors.ts", import.meta.url),
  "open-and-append": new URL("./children/open-and-append.ts", import.meta.url),
  "hold-lock": new URL("./children/hold-lock.ts", import.meta.url),
  "put-memories": new URL("./children/put-memories.ts", import.meta.url),
  "share-context": new URL("./children/share-context.ts", import.meta.url),
  "throwing-subscriber": new URL("./children/throwing-subscriber.ts", import.meta.url),
  "watch-and-idle": new URL("./children/watch-and-idle.ts", import.meta.url),
  "watch-store": new URL("./children/watch-store.ts", import.meta.url),
  "write-to-many": new URL("./children/write-to-many.ts", import.meta.url),
  "write-until-killed": new URL("./children/write-until-killed.ts", import.meta.url),
} as const;

/** Runs a program as a process of its own, which is ended when the test ends. */
export function startChild(
  program: keyof typeof programs,
  ...given: readonly string[]
): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [childProgram(program), ...given]);
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Gives the file from which a program is run. */
export function childProgram(program: keyof typeof programs): string {
  return bundleProgram(fileURLToPath(programs[program]));
}

/** Waits until a child has ended, and gives its exit code and what it complained about. */
export async function ended(
  child: ChildProcessWithoutNullStreams,
): Promise<{ code: unknown; errors: string }> {
  const errors: Buffer[] = [];
  child.stderr.on("data", (part: Buffer) => errors.push(part));
  const [code] = (await once(child, "close")) as [unknown];
  return { code, errors: Buffer.concat(errors).toString() };
}

/** Waits until a child has said its first words. */
export async function spoken(child: ChildProcessWithoutNullStreams): Promise<string> {
  const [words] = (await once(child.stdout, "data")) as [Buffer];
  return words.toString();
}
