import type { Program } from "../program/program.js";
import type { Site } from "../workflows/site.js";
import { exportContexts } from "../workflows/transfer.js";
import { writeFileAtomically } from "./export-file.js";

/** How much was saved. */
export interface Saved {
  readonly contexts: number;
  readonly events: number;
}

/** Saves contexts to a file, which replaces an older one only when it is whole and on the disk. */
export function* saveContexts(site: Site, file: string, ids: readonly string[]): Program<Saved> {
  const target = writeFileAtomically(file, site.host.newId());
  try {
    const saved = yield* exportContexts(site, ids, target.writeLine);
    target.finish();
    return saved;
  } finally {
    target.discard();
  }
}
