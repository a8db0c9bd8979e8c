import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../run-command.js";

const folder = join(import.meta.dirname, "peers");
const packages = {
  "peers/emmett": ["@event-driven-io/emmett-sqlite", "sqlite3"],
  "peers/sqlite-saver": ["@langchain/langgraph-checkpoint-sqlite"],
  "peers/tinybase": ["tinybase"],
} as const;

/** Whether a contestant can run: the packages of peers are not among the project's own. */
export function isInstalled(module: string): boolean {
  return !module.startsWith("peers/") || existsSync(join(folder, "node_modules/.package-lock.json"));
}

/** Installs the packages of the peers in a folder of their own, which takes some minutes for their native code. */
export async function installPeers(): Promise<void> {
  if (isInstalled("peers/")) return;
  console.error(`Installing the peers in ${folder} once …`);
  await runCommand(["npm", "ci"], { cwd: folder });
}

/** Says which peers are measured, or how to have them measured. */
export function describePeers(): string {
  if (!isInstalled("peers/")) {
    return "Peers are not installed and not measured; npm run bench -- --install-peers installs them first";
  }
  return `Peers: ${Object.values(packages)
    .flat()
    .map((name) => `${name} ${versionOf(name)}`)
    .join(", ")}`;
}

function versionOf(name: string): string {
  // Every package.json has a version.
  const { version } = JSON.parse(
    readFileSync(join(folder, "node_modules", name, "package.json"), "utf8"),
  ) as { version: string };
  return version;
}
