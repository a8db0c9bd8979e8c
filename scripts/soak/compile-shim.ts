import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { root } from "../run-command.js";

const made = new Map<string, string>();

/** Why nothing can be put between a process and the file system here; undefined where it can. */
export function lackingShim(): string | undefined {
  if (process.platform !== "linux") return `it needs LD_PRELOAD as Linux has it, not ${process.platform}`;
  return spawnSync("cc", ["--version"]).status === 0 ? undefined : "no C compiler (cc)";
}

/** Compiles a shim of `shim/` and gives the path of the library to preload. */
export function compileShim(name: string): string {
  const known = made.get(name) ?? compile(name, { ending: ".so", flags: ["-shared", "-fPIC"] });
  made.set(name, known);
  return known;
}

/** Compiles a program of `shim/` and gives its path. */
export function compileProgram(name: string): string {
  const known = made.get(name) ?? compile(name, { ending: "", flags: [] });
  made.set(name, known);
  return known;
}

interface Product {
  readonly ending: string;
  readonly flags: readonly string[];
}

function compile(name: string, { ending, flags }: Product): string {
  const folder = join(root, "node_modules/.cache/soak");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name + ending);
  // Another run may be using the file that is there.
  const draft = `${file}.${process.pid}`;
  const source = join(import.meta.dirname, "shim", `${name}.c`);
  const { status, stderr } = spawnSync(
    "cc",
    ["-O1", "-Wall", "-Wextra", "-Werror", ...flags, "-o", draft, source, "-ldl"],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`${source} does not compile:\n${stderr}`);
  renameSync(draft, file);
  return file;
}
