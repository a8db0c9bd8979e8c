import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { openStore } from "durable-context";
import { DurableContextSaver } from "durable-context/langgraph";
import type { Place } from "./contestant.js";
import { openRaw, pageBytes } from "./contestants/raw.js";

export interface OpenedSaver {
  readonly saver: BaseCheckpointSaver;
  readonly bytes: () => number;
  readonly close: () => void;
}

/** LangGraph's saver for SQLite, on a connection with the library's pragmas. */
export function openSqliteSaver({ file, durability }: Place): OpenedSaver {
  const database = openRaw(file, durability);
  return {
    saver: new SqliteSaver(database),
    bytes: () => pageBytes(database),
    close: () => {
      database.close();
    },
  };
}

/** Ours, in a store of its own. */
export function openOurSaver({ file, durability }: Place): OpenedSaver {
  const store = openStore(file, { durability });
  return {
    saver: new DurableContextSaver(store),
    bytes: () => store.stats().bytes,
    close: () => {
      store.close();
    },
  };
}
