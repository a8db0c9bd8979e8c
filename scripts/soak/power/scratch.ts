import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../run-command.js";
import { makeMemoryFolder } from "../memory-folder.js";

/** Folders that traces and images need; they go with `[Symbol.dispose]`, or with the process. */
export interface Scratch extends Disposable {
  readonly folder: string;
  /** Where images are opened. */
  readonly images: string;
  /** Where what broke the promise is kept, after the run as well. */
  readonly keep: string;
}

/** By themselves these end a process without its last acts. */
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function endNow(): never {
  process.exit(1);
}

/** Makes the folders of one run. */
export function makeScratch(): Scratch {
  const folder = makeMemoryFolder("power");
  const images = join(folder, "image");
  mkdirSync(images);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  for (const signal of endings) process.once(signal, endNow);
  return {
    folder,
    images,
    keep: join(root, "node_modules/.cache/soak/broken", String(Date.now())),
    [Symbol.dispose]: () => {
      remove();
      process.off("exit", remove);
      for (const signal of endings) process.off(signal, endNow);
    },
  };
}
