import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "./random.js";
import type { Part, Programme, Row } from "./part.js";

/** Runs a part in a folder of its own, and gives its rows as they come. */
export async function* runPart(part: Part, programme: Programme, seed: number): AsyncGenerator<Row> {
  const folder = mkdtempSync(join(tmpdir(), `durable-context-soak-${part.name}-`));
  try {
    yield* part.run({ programme, random: createRandom(seed), folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
