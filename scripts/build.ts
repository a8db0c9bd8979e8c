/**
 * Builds dist where a source changed: embeds the migrations, declares the types a file each, and bundles the code, since
 * hundreds of small modules take a fresh process longer to find than all that is in them.
 */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { rolldown } from "rolldown";
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
const digest = digestOf(sources);

if (!isBuilt()) await build();

function isBuilt(): boolean {
  return existsSync(executable) && existsSync(stamp) && readFileSync(stamp, "utf8") === digest;
}

async function build(): Promise<void> {
  rmSync(stamp, { force: true });
  rmSync(dist, { recursive: true, force: true });
  try {
    await runCommand(["tsc", "-p", "tsconfig.build.json"]);
  } catch (error) {
    // The compiler's report is the whole message; a stack of this script would only hide it.
    console.error((error as Error).message);
    process.exit(1);
  }
  await bundle();
  chmodSync(executable, 0o755);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

/** Bundles what a caller may import or run; what several of them share stands in files of its own. */
async function bundle(): Promise<void> {
  const { dependencies, peerDependencies } = manifest();
  const packages = [dependencies, peerDependencies].flatMap((named) => Object.keys(named));
  const bundled = await rolldown({
    cwd: root,
    input: {
      index: "src/index.ts",
      "cli/main": "src/cli/main.ts",
      "adapters/langgraph/index": "src/adapters/langgraph/index.ts",
    },
    platform: "node",
    transform: { target: "node20.19" },
    // Packages stay where npm puts them.
    external: [...packages, ...packages.map((name) => new RegExp(`^${name}/`))],
  });
  await bundled.write({ dir: dist, format: "esm", chunkFileNames: "shared/[name]-[hash].js" });
  await bundled.close();
}

function manifest(): Record<"dependencies" | "peerDependencies", Record<string, string>> {
  // The project's own file, which has both.
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as ReturnType<typeof manifest>;
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
