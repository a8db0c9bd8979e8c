import { join } from "node:path";
import { openSqlite, temporaryFolder } from "../support/sqlite-files.js";
import { engineContract } from "./contract.js";

engineContract("the SQLite engine", () => openSqlite(join(temporaryFolder(), "store.db")));
