import { randomUUID } from "node:crypto";
import { openSqliteEngine } from "../../../src/engines/sqlite/open-sqlite-engine.js";
import { createNamed } from "../engine-programs.js";

/** Opens the store that the first argument names, making it if need be, and makes the context of the second. */
const [path = "", name = ""] = process.argv.slice(2);
const { engine } = openSqliteEngine(path, {
  durability: "full",
  mode: "open-or-create",
  behind: "refuse",
  onAnchorFailure: (why) => {
    throw new Error(why);
  },
  lockTimeoutMs: 30_000,
  networkDisk: "refuse",
  now: Date.now,
  unique: randomUUID,
});
engine.run(engine.write((log) => createNamed(log, name)));
void engine.close();
