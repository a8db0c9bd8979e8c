import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openStore, type Store } from "../../../src/index.js";
import { files, secret } from "./act-store.js";

/** Something that is done to a store as a whole, in a folder that `act-store.ts` made. */
export interface Act {
  readonly name: string;
  readonly run: (folder: string) => void;
  /** Whether it is done: wholly, or not at all; what is in between, in words. */
  readonly outcome: (folder: string) => "done" | "undone" | { readonly between: string };
  /** What it takes away. */
  readonly removes?: string;
}

export const acts: readonly Act[] = [
  {
    name: "creation of a store",
    run: (folder) => inStore(join(folder, "fresh.db"), (store) => store.context("new").set("a", 1)),
    outcome: (folder) => {
      const path = join(folder, "fresh.db");
      if (!existsSync(path)) return "undone";
      return inStore(path, (store) => (store.find("new")?.get("a") === 1 ? "done" : "undone"));
    },
  },
  {
    name: "opening of a store of an older schema",
    run: (folder) => inStore(join(folder, files.old), () => undefined),
    // Whoever looks brings it up to date: what counts is that it can be opened.
    outcome: (folder) =>
      inStore(join(folder, files.old), (store) => (store.find("plan") ? "done" : { between: "it is empty" })),
  },
  {
    name: "opening of a store that a killed process left",
    run: (folder) => inStore(join(folder, files.left), () => undefined),
    outcome: (folder) =>
      inStore(join(folder, files.left), (store) =>
        store.find("plan")?.get("written last") === true ? "done" : { between: "what the log held is gone" },
      ),
  },
  {
    name: "backup",
    run: (folder) => onStore(folder, (store) => store.backup(join(folder, "backup.db"))),
    outcome: (folder) => {
      const path = join(folder, "backup.db");
      if (!existsSync(path)) return "undone";
      return inStore(path, (store) => (store.verify().isSound ? "done" : { between: "it is unsound" }));
    },
  },
  {
    name: "save over an older file",
    run: (folder) => onStore(folder, (store) => store.save(join(folder, files.saved))),
    outcome: (folder) => {
      const text = readFileSync(join(folder, files.saved), "utf8");
      if (text === "an older file\n") return "undone";
      return text.endsWith("\n") && isLoadable(folder) ? "done" : { between: "it is cut short" };
    },
  },
  {
    name: "load",
    run: (folder) => onStore(folder, (store) => store.load(join(folder, files.incoming))),
    outcome: (folder) =>
      onStore(folder, (store) => {
        const found = ["incoming 1", "incoming 2"].filter((id) => store.find(id) !== undefined);
        if (found.length === 1) return { between: `only ${String(found[0])} is there` };
        return found.length === 2 ? "done" : "undone";
      }),
  },
  {
    name: "redaction",
    run: (folder) => onStore(folder, (store) => store.context("secrets").redact("token", "leaked")),
    outcome: (folder) => {
      const isPresent = onStore(folder, (store) => store.find("secrets")?.has("token"));
      if (isPresent === true) return "undone";
      const holding = readdirSync(folder).filter(
        (name) => name.startsWith(files.store) && readFileSync(join(folder, name)).includes(secret),
      );
      return holding.length === 0 ? "done" : { between: `the secret is still in ${holding.join(", ")}` };
    },
  },
  {
    name: "deletion of a context",
    run: (folder) => onStore(folder, (store) => store.delete("gone")),
    outcome: (folder) => onStore(folder, (store) => (store.find("gone") ? "undone" : "done")),
    removes: "gone",
  },
  {
    name: "rebuild",
    run: (folder) => onStore(folder, (store) => store.rebuild()),
    outcome: () => "done",
  },
  {
    name: "close after writes",
    run: (folder) =>
      onStore(folder, (store) => {
        for (let count = 1; count <= 20; count += 1) store.context("plan").set("count", count);
      }),
    outcome: (folder) =>
      onStore(folder, (store) => (store.find("plan")?.get("count") === 20 ? "done" : "undone")),
  },
];

function isLoadable(folder: string): boolean {
  return inStore(join(folder, `probe-${process.pid}-${Math.random()}.db`), (store) => {
    store.load(join(folder, files.saved));
    return store.verify().isSound;
  });
}

function onStore<Result>(folder: string, work: (store: Store) => Result): Result {
  return inStore(join(folder, files.store), work);
}

function inStore<Result>(path: string, work: (store: Store) => Result): Result {
  using store = openStore(path);
  return work(store);
}
