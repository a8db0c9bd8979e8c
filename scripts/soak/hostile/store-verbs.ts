import { join } from "node:path";
import { openMemoryStore, openStore, salvageStore } from "../../../src/index.js";
import { attribution, ended, inside, searching, verb, type Verb, watching } from "./verb.js";

/** Calls on a store. */
export const storeVerbs: readonly Verb[] = [
  verb("store.context", ["other", beginnings()], ({ store }, [id, options]) => store.context(id, options)),
  verb("store.find", ["run"], ({ store }, [id]) => store.find(id)),
  verb("store.contexts", [listing()], ({ store }, [query]) => store.contexts(query)),
  verb("store.delete", ["other", { ...attribution, forks: "keep" }], ({ store }, [id, options]) =>
    store.delete(id, options),
  ),
  verb("store.save", ["file.jsonl", ["run"]], ({ store, folder }, [file, ids]) =>
    store.save(inside(folder, file), ids),
  ),
  verb("store.load", ["missing.jsonl", attribution], ({ store, folder }, [file, options]) =>
    store.load(inside(folder, file), options),
  ),
  verb("store.query", ["SELECT ? AS a", [1]], ({ store }, [sql, parameters]) => store.query(sql, parameters)),
  verb(
    "store.verify",
    [{ contexts: ["run"], head: undefined, key: undefined, repair: false }],
    ({ store }, [options]) => store.verify(options),
  ),
  verb("store.search", ["a", { ...searching(), id: "*" }], ({ store }, [pattern, query]) =>
    store.search(pattern, query),
  ),
  verb("store.watch", [{ ...watching(), context: "*" }], ({ store }, [query]) => ended(store.watch(query))),
  verb("store.watch with a listener", [{}, () => 1], ({ store }, [query, listener]) =>
    ended(store.watch(query, listener)),
  ),
  verb("store.backup", ["copy.db"], ({ store, folder }, [file]) => store.backup(inside(folder, file))),
  verb(
    "salvageStore",
    ["missing.db", "into.db", { ...attribution, compression: { overBytes: 10 } }],
    ({ folder }, [from, into, options]) => salvageStore(inside(folder, from), inside(folder, into), options),
  ),
  verb("openMemoryStore", [opening()], (_, [options]) => openMemoryStore(options).close()),
  verb(
    "openStore",
    [{ ...opening(), create: true, durability: "normal", lockTimeoutMs: 10, compression: { overBytes: 10 } }],
    ({ folder }, [options]) => openStore(join(folder, "another.db"), options).close(),
  ),
];

function beginnings(): object {
  return {
    ...attribution,
    initial: { a: 1 },
    protect: ["a"],
    metadata: { m: 1 },
    limits: {},
    autoSnapshot: 100,
    schema: {},
  };
}

function opening(): object {
  return { ...attribution, protect: ["goal"], limits: {}, classes: [], now: Date.now };
}

function listing(): object {
  return {
    id: "*",
    metadata: { m: 1 },
    changedSince: new Date(0),
    changedBefore: new Date(),
    key: "k",
    after: "a",
    limit: 5,
  };
}
