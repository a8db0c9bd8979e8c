import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { bundleChild } from "../bundle.js";
import type { Random } from "../random.js";
import { readFiles, type StoreFiles } from "./files.js";

/** A store whose writer died, the same at an earlier moment, and another one. */
export interface Specimens {
  readonly store: StoreFiles;
  readonly older: StoreFiles;
  readonly other: StoreFiles;
}

/** Makes the stores that are to be damaged. */
export async function makeSpecimens(folder: string, random: Random): Promise<Specimens> {
  const program = await bundleChild("fill");
  const fill = (name: string, ending: "close" | "die"): StoreFiles => {
    const path = join(folder, name);
    spawnSync(process.execPath, [program, path, ending, String(random.below(1_000))], { stdio: "inherit" });
    return readFiles(path);
  };
  const older = fill("runs.db", "close");
  const store = fill("runs.db", "die");
  fill("other.db", "close");
  return { store, older, other: fill("other.db", "die") };
}
