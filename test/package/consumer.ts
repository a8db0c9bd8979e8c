import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { blocksOf, readReadme, root } from "../support/readme.js";
import { programOf } from "../support/readme-program.js";

/** A project of a user, with the packed package installed in it. */
export interface Consumer {
  readonly folder: string;
  /** The files of the tarball. */
  readonly packed: readonly string[];
}

/** What a command answered. */
export interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Packs the project as it is published and installs the tarball in an empty project. Install scripts are off,
 * since better-sqlite3's would compile for minutes: its version is held to the one that this project has
 * compiled, and that binary is copied. Everything else is what a user gets from npm.
 */
export function installConsumer(): Consumer {
  const folder = mkdtempSync(join(tmpdir(), "durable-context-consumer-"));
  const packing = run(["npm", "pack", "--ignore-scripts", "--json", "--pack-destination", folder], root);
  // The form of npm's own answer.
  const [tarball] = JSON.parse(packing.stdout) as { filename: string; files: { path: string }[] }[];
  if (tarball === undefined) throw new Error(packing.stderr);

  const driver = join(root, "node_modules/better-sqlite3");
  const { version } = JSON.parse(readFileSync(join(driver, "package.json"), "utf8")) as { version: string };
  const project = { name: "consumer", private: true, overrides: { "better-sqlite3": version } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(project));
  const quick = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
  const installing = run(["npm", "install", `./${tarball.filename}`, ...quick], folder);
  if (installing.status !== 0) throw new Error(installing.stderr);

  const binary = "build/Release/better_sqlite3.node";
  // Since version 13 the driver has its binaries in the package.
  if (!existsSync(join(driver, binary))) return consumerIn(folder, tarball);
  mkdirSync(join(folder, "node_modules/better-sqlite3/build/Release"), { recursive: true });
  copyFileSync(join(driver, binary), join(folder, "node_modules/better-sqlite3", binary));
  return consumerIn(folder, tarball);
}

function consumerIn(folder: string, { files }: { readonly files: readonly { path: string }[] }): Consumer {
  return { folder, packed: files.map(({ path }) => path).sort() };
}

/** README's tour, whose comments are checked, as a module; and how many promises it makes. */
export function tour(): { readonly module: string; readonly promises: number } {
  const blocks = blocksOf(readReadme()).filter(
    ({ info, heading }) => info === "ts" && heading === "Five minutes",
  );
  const promises = blocks.flatMap(({ code }) => code.match(/\/\/ (→|throws )/g) ?? []).length;
  return { module: toJavaScript(programOf(blocks, true)), promises };
}

/** The module that the tour's checks come from. */
export function checkModule(): string {
  return toJavaScript(readFileSync(new URL("../support/readme-check.ts", import.meta.url), "utf8"));
}

/** Runs a command with the consumer's own programs at hand. */
export function run(command: readonly string[], folder: string): Answer {
  const [file = "", ...given] = command;
  return spawnSync(file, given, { cwd: folder, encoding: "utf8" });
}

function toJavaScript(code: string): string {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}
