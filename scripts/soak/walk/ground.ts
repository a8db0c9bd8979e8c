import { join } from "node:path";
import {
  openMemoryStore,
  openStore,
  type SqliteStoreOptions,
  type StoreOptions,
} from "../../../src/index.js";
import { mostSnapshots } from "./context-model.js";
import type { AnyStore } from "./make-on-store.js";

/** Where a walk takes place: two open stores on the same contexts; in memory, the same store twice. */
export interface Ground {
  readonly hands: readonly [AnyStore, AnyStore];
  /** Gives the same contexts in stores opened anew; what can only be moved by an export stays where it is unless it may be. */
  readonly reopen: (by: { readonly mayMove: boolean }) => Promise<Ground>;
}

/** The engines that walks take place on. */
export const grounds = ["sqlite", "sqlite grouped", "memory sync", "memory async"] as const;
export type GroundName = (typeof grounds)[number];

/** Names that walks find protected from the start. */
export const protectedNames = ["goal"];
/** How the stores of a walk are opened. */
export const walkOptions: StoreOptions = { protect: protectedNames, retention: { snapshots: mostSnapshots } };

/** Opens stores of an engine, which keep their files in a folder. */
export function openGround(name: GroundName, folder: string): Ground {
  if (name === "sqlite" || name === "sqlite grouped") {
    // What a power cut leaves is not what is walked for.
    const options = name === "sqlite" ? plain : grouped;
    return openFile(join(folder, `${nextName()}.db`), { ...walkOptions, ...options });
  }
  return openInMemory(name === "memory sync" ? "sync" : "async", folder);
}

const plain: SqliteStoreOptions = { durability: "normal" };
const grouped: SqliteStoreOptions = { durability: "grouped", compression: { overBytes: 0 } };

let names = 0;

function nextName(): string {
  names += 1;
  return `walk-${names}`;
}

function openFile(path: string, options: SqliteStoreOptions): Ground {
  const open = () => openStore(path, options);
  const hands = [open(), open()] as const;
  const reopen = () => {
    for (const hand of hands) hand.close();
    return Promise.resolve(openFile(path, options));
  };
  return { hands, reopen };
}

function openInMemory(mode: "sync" | "async", folder: string): Ground {
  const store: AnyStore = openMemoryStore({ ...walkOptions, mode });
  const reopen: Ground["reopen"] = async ({ mayMove }) => {
    if (!mayMove) return { hands: [store, store], reopen };
    const file = join(folder, `${nextName()}.jsonl`);
    await store.save(file);
    await store.close();
    const ground = openInMemory(mode, folder);
    await ground.hands[0].load(file);
    return ground;
  };
  return { hands: [store, store], reopen };
}
