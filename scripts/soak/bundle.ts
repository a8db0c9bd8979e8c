import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type BuildOptions, buildSync, type OutputFile } from "esbuild";
import { root } from "../run-command.js";

// In here, so that the driver is found.
const folder = join(root, "node_modules/.cache/soak");
const made = new Map<string, string>();

/**
 * Makes one file of a program in `children/` and all it imports, the library included, and gives its path. A
 * process starts from it in a third of the time, which counts where hundreds are started to be killed.
 */
export async function bundleChild(name: string): Promise<string> {
  const program = join(import.meta.dirname, "children", `${name}.ts`);
  return made.get(program) ?? keep(program, (await build(optionsFor(program))).outputFiles);
}

/** Does the same with a program wherever it is, for who cannot wait. */
export function bundleProgram(program: string): string {
  return made.get(program) ?? keep(program, buildSync(optionsFor(program)).outputFiles);
}

function optionsFor(program: string): BuildOptions & { write: false } {
  return {
    entryPoints: [program],
    write: false,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["better-sqlite3", "commander", "@opentelemetry/api"],
    // The command line reads its version from the package, two folders up.
    define: { "import.meta.url": JSON.stringify(pathToFileURL(join(root, "src/cli/main.ts")).href) },
    logLevel: "error",
  };
}

/** Writes a bundle under a name that its content decides, so that several processes may do so at once. */
function keep(program: string, [bundle]: readonly OutputFile[]): string {
  const content = bundle?.contents ?? "";
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
  const file = join(folder, `${basename(program, ".ts")}-${hash}.mjs`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, content);
    renameSync(`${file}.${process.pid}`, file);
  }
  made.set(program, file);
  return file;
}
