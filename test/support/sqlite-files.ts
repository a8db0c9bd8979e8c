import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { openSqliteEngine } from "../../src/engines/sqlite/open-sqlite-engine.js";
import type { SqliteOptions } from "../../src/engines/sqlite/sqlite-engine.js";
import type { Engine } from "../../src/engines/engine.js";

/** A folder of this test's own, which goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "durable-context-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Opens a SQLite engine, making the file if need be; it is closed when the test ends. */
export function openSqlite(path: string, given: Partial<SqliteOptions> = {}): Engine<"sync"> {
  const { engine } = openSqliteEngine(path, {
    durability: "full",
    mode: "open-or-create",
    behind: "refuse",
    onAnchorFailure: (why) => expect.unreachable(why),
    lockTimeoutMs: 10_000,
    networkDisk: "refuse",
    now: () => 1_700_000_000_000,
    unique: randomUUID,
    ...given,
  });
  onTestFinished(() => engine.close());
  return engine;
}
