import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openMemoryStore, openStore } from "../../../src/index.js";
import { createRandom } from "../random.js";
import { checkPast } from "./check-past.js";
import { comparePresent, expectSame } from "./compare.js";
import type { AnyStore } from "./make-on-store.js";
import type { StoreModel } from "./store-model.js";

/** Where a store is copied to, and which parts of long histories are looked at. */
export interface Looking {
  readonly seed: number;
  readonly folder: string;
}

/**
 * Holds all that can be asked of a store to its model: every context's past, the chain of hashes and the derived
 * rows, and the copies that an export and a backup make.
 */
export async function checkWhole(store: AnyStore, model: StoreModel, looking: Looking): Promise<void> {
  const random = createRandom(looking.seed);
  for (const one of model.contexts) {
    const ctx = await store.context(one.id);
    await ctx.refresh();
    await checkPast(ctx, one, random);
  }
  await expectSound(store);
  copies += 1;
  await checkExport(store, model, looking);
  if (store.location !== ":memory:") await checkBackup(store, model, looking);
}

let copies = 0;

async function expectSound(store: AnyStore): Promise<void> {
  expectSame((await store.verify()).faults, [], "faults");
  const { differences } = await store.rebuild();
  expectSame(
    Object.entries(differences).filter(([, count]) => count > 0),
    [],
    "rows that are not what the events say",
  );
}

/** A file that was saved is loaded by another store, and what that one saves is the same, byte for byte. */
async function checkExport(store: AnyStore, model: StoreModel, { folder }: Looking): Promise<void> {
  const [file, again] = [join(folder, `export-${copies}.jsonl`), join(folder, `again-${copies}.jsonl`)];
  await store.save(file);
  const other = openMemoryStore();
  other.load(file);
  other.save(again);
  expectSame(readFileSync(again, "utf8") === readFileSync(file, "utf8"), true, "the second export");
  await expectCopied(store, other, model);
}

async function checkBackup(store: AnyStore, model: StoreModel, { folder }: Looking): Promise<void> {
  const file = join(folder, `backup-${copies}.db`);
  await store.backup(file);
  using other = openStore(file, { create: false, durability: "normal" });
  await expectCopied(store, other, model);
}

async function expectCopied(store: AnyStore, other: AnyStore, model: StoreModel): Promise<void> {
  expectSame((await other.verify()).faults, [], "faults of the copy");
  for (const one of model.contexts) {
    const copy = await other.context(one.id);
    comparePresent(copy, one);
    expectSame(
      (await copy.head()).hash,
      (await (await store.context(one.id)).head()).hash,
      "the copy's head",
    );
  }
}
