import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "../run-command.js";

const made = new Map<string, Promise<string>>();

/**
 * Makes one file of a program in `children/` and all it imports, the library included, and gives its path. A
 * process starts from it in a third of the time, which counts where hundreds are started to be killed.
 */
export function bundleChild(name: string): Promise<string> {
  const known = made.get(name) ?? bundle(name);
  made.set(name, known);
  return known;
}

async function bundle(name: string): Promise<string> {
  // In here, so that the driver is found.
  const folder = join(root, "node_modules/.cache/soak", String(process.pid));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, "children", `${name}.ts`)],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["better-sqlite3", "commander", "@opentelemetry/api"],
    // The command line reads its version from the package, two folders up.
    define: { "import.meta.url": JSON.stringify(pathToFileURL(join(root, "src/cli/main.ts")).href) },
    logLevel: "error",
  });
  return file;
}
