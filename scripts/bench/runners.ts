import type { Runner } from "./race.js";

/** Who is measured, by the name that tables give them. */
export const runners = {
  ours: { name: "durable-context", module: "contestants/ours", way: "set" },
  edit: { name: "durable-context, edit", module: "contestants/ours", way: "edit" },
  set: { name: "durable-context, set", module: "contestants/ours", way: "set" },
  raw: { name: "better-sqlite3, one insert", module: "contestants/raw", way: "insert" },
  rows: { name: "SELECT of our rows, JSON.parse", module: "contestants/raw", way: "rows" },
  emmett: { name: "Emmett SQLite", module: "peers/emmett", way: "append" },
  saver: { name: "LangGraph SqliteSaver", module: "peers/sqlite-saver", way: "put" },
  tinybase: { name: "TinyBase autosave", module: "peers/tinybase", way: "autosave" },
  graph: { name: "durable-context", module: "contestants/graph", way: "ours" },
  peerGraph: { name: "SqliteSaver", module: "contestants/graph", way: "peer" },
  deltaGraph: { name: "durable-context, DeltaChannel", module: "contestants/graph", way: "ours delta" },
  peerDeltaGraph: { name: "SqliteSaver, DeltaChannel", module: "contestants/graph", way: "peer delta" },
  json: { name: "JSON file rewritten", module: "contestants/json-file", way: "rewrite" },
} as const satisfies Readonly<Record<string, Runner>>;
