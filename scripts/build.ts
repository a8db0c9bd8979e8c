/** Builds dist: embeds the migrations, compiles where a source changed, removes output whose source is gone. */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { embedMigrations } from "./embed-migrations.js";
import { root, runCommand } from "./run-command.js";

const dist = join(root, "dist");
const executable = join(dist, "cli/main.js");
// Outside dist, so that it is never published; npm ci removes it, and the next build is a whole one.
const stamp = join(root, "node_modules/.cache/durable-context/build");

if (embedMigrations(root) && process.env.CI !== undefined) {
  throw new Error("The embedded migrations were out of date. Run npm run build and commit the result.");
}

const sources = filesIn(join(root, "src")).filter((file) => file.endsWith(".ts"));
const expected = new Set(
  sources.flatMap((file) => [".js", ".d.ts"].map((end) => file.replace(/\.ts$/, end))),
);
const digest = digestOf(sources);

for (const file of filesIn(dist)) {
  if (!expected.has(file)) rmSync(join(dist, file));
}
if (!isBuilt()) await compile();

function isBuilt(): boolean {
  const isComplete = [...expected].every((file) => existsSync(join(dist, file)));
  return isComplete && existsSync(stamp) && readFileSync(stamp, "utf8") === digest;
}

async function compile(): Promise<void> {
  try {
    await runCommand(["tsc", "-p", "tsconfig.build.json"]);
  } catch (error) {
    // The compiler's report is the whole message; a stack of this script would only hide it.
    console.error((error as Error).message);
    process.exit(1);
  }
  if (existsSync(executable)) chmodSync(executable, 0o755);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

/** Covers what decides the output; the root too, since two copies of the project may share node_modules. */
function digestOf(sources: readonly string[]): string {
  const hash = createHash("sha256").update(root);
  const settings = ["tsconfig.json", "tsconfig.build.json", "package.json", "package-lock.json"];
  for (const file of [...settings, ...sources.map((source) => join("src", source))]) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((found) => found.isFile())
    .map((found) => join(found.parentPath, found.name).slice(folder.length + 1))
    .sort();
}
