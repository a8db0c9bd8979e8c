/** Runs every check of the project, two at a time, and prints one line for each; what failed shows its output. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, runCommand } from "./run-command.js";

/** Each check passes or throws what is wrong. The slow ones come first, so that both lanes end together. */
const checks: Readonly<Record<string, () => Promise<unknown>>> = {
  lint: () => runCommand(["eslint", "--cache", "--cache-location", "node_modules/.cache/eslint/", "."]),
  types: () => runCommand(["tsc", "--noEmit"]),
  package: checkPackage,
  architecture: () => runCommand(["vitest", "run", "test/architecture.test.ts"]),
  format: () => runCommand(["prettier", "--check", "--log-level", "warn", "."]),
  unused: () => runCommand(["knip"]),
  migrations: checkMigrations,
  registries: checkRegistries,
};

const waiting = Object.entries(checks);
const failed: string[] = [];
await Promise.all([runWaiting(), runWaiting()]);
if (failed.length > 0) {
  console.log(`Failed: ${failed.join(", ")}.`);
  process.exitCode = 1;
}

async function runWaiting(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [name, check] = next;
    const startedAt = performance.now();
    const problem = await check().then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(
      `${problem === undefined ? "passed" : "FAILED"}  ${name.padEnd(12)} ${seconds.padStart(5)} s`,
    );
    if (problem === undefined) continue;
    failed.push(name);
    console.log(problem.message);
  }
}

/** Packs the package as it will be published, and has both judges look at that. */
async function checkPackage(): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    await runCommand(["npm", "pack", "--ignore-scripts", "--pack-destination", folder]);
    const tarball = readdirSync(folder).map((file) => join(folder, file))[0] ?? "";
    await runCommand(["publint", "run", tarball, "--strict"]);
    await runCommand(["attw", tarball, "--profile", "esm-only"]);
  });
}

/**
 * The schema and the migrations agree where drizzle-kit, asked for a new migration in a copy, writes none. Its
 * words are read, not its exit code, which is 0 after an error too; and it takes relative paths only.
 */
async function checkMigrations(): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    cpSync(join(root, "migrations/sqlite"), join(folder, "migrations"), { recursive: true });
    const schema = join(root, "src/engines/sqlite/schema.ts");
    const generate = [
      "drizzle-kit",
      "generate",
      "--dialect",
      "sqlite",
      "--schema",
      schema,
      "--out",
      "migrations",
    ];
    const said = await runCommand(generate, { cwd: folder });
    if (said.includes("No schema changes")) return;
    throw new Error(`Run npm run migrations, then npm run build, where the schema is right.\n${said.trim()}`);
  });
}

/** The project installs from whichever registry a machine uses, so none of its files may name one. */
async function checkRegistries(): Promise<void> {
  const configured = new URL(
    (await runCommand(["npm", "config", "get", "registry"])).split("\n").at(-2) ?? "",
  );
  const listed = await runCommand(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  const naming = listed.split("\0").filter((file) => file !== "" && namesRegistry(file, configured.host));
  if (naming.length > 0) throw new Error(`These files name a package registry: ${naming.join(", ")}.`);
}

function namesRegistry(file: string, host: string): boolean {
  const text = readFileSync(join(root, file), "utf8");
  if (file.endsWith("package-lock.json") && text.includes('"resolved"')) return true;
  return text.includes(host) || /https?:\/\/(registry|npm\.pkg)\./.test(text);
}

async function inTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "durable-context-check-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
