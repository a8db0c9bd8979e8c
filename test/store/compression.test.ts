import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import {
  type Compression,
  type Context,
  ErasedValue,
  openStore,
  salvageStore,
  type Store,
} from "../../src/index.js";
import { openSqliteStore } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

const compression: Compression = { overBytes: 1_000 };
const page = (number: number) =>
  `<p class="result">This is page ${number} of what was found.</p>\n`.repeat(90);

/** A store whose one context has a page in many versions, compressed, and something small beside it. */
function recorded() {
  const store = openSqliteStore(join(temporaryFolder(), "runs.db"), { compression });
  const ctx = store.context("run", { initial: { page: page(0), step: 0 } });
  for (let step = 1; step <= 5; step += 1) ctx.update({ page: page(step), step });
  ctx.edit("page", (old) => `${String(old)}${page(6)}`);
  return { store, ctx };
}

/** How many events have something that is compressed, and how many bytes all payloads take. */
function storedIn(store: Store): { compressed: number; bytes: number } {
  const [row] = store.query(
    "SELECT sum(payload ->> '$.format' = 3) AS compressed, sum(octet_length(payload)) AS bytes FROM events",
  ).rows;
  return { compressed: Number(row?.compressed), bytes: Number(row?.bytes) };
}

function valuesOf(ctx: Context, key: string): unknown[] {
  return ctx.history({ key }).map(({ effects }) => effects.find((effect) => effect.key === key)?.value);
}

function exportOf(store: Store): string {
  const file = join(temporaryFolder(), "all.jsonl");
  store.save(file);
  return readFileSync(file, "utf8");
}

it("makes the log smaller, and says so to nobody but SQL", () => {
  const { store, ctx } = recorded();
  const other = openSqliteStore(store.location);
  const told = other.context("run");

  expect(storedIn(store).compressed).toBe(7);
  expect(storedIn(store).bytes).toBeLessThan(7 * 1_000);
  expect(told.data).toEqual({ page: page(5) + page(6), step: 5 });
  expect(valuesOf(told, "page")).toEqual([...[0, 1, 2, 3, 4, 5].map(page), page(5) + page(6)]);
  expect(told.at(3).get("page")).toBe(page(3));
  expect(ctx.stats().persistentBytes).toBeGreaterThan(9_000);
  expect(ctx.stats().eventBytes).toBe(storedIn(store).bytes);
  expect(store.verify().faults).toEqual([]);
  expect(Object.values(store.rebuild().differences).every((count) => count === 0)).toBe(true);
});

/** What the query below gives; one of the two is null. */
type Row = Readonly<Record<"key" | "version" | "whole", string> & Record<"value" | "patch", string | null>>;

it("leaves small values to SQL, marks large ones, and context_value gives all", () => {
  const { store, ctx } = recorded();
  const rows = store.query(
    `SELECT key, version, value, patch, context_value(context, key, version) AS whole
     FROM history WHERE scope = 'persistent' ORDER BY position`,
  ).rows as readonly Row[];

  for (const { key, version, value, patch, whole } of rows) {
    expect(JSON.parse(whole)).toEqual(ctx.at(Number(version)).get(key));
    if (key === "step") expect(value).toBe(whole);
    else {
      const { $type, base64 } = JSON.parse(value ?? patch!) as { $type: string; base64: string };
      expect($type).toBe("deflated");
      if (value !== null) expect(inflateSync(Buffer.from(base64, "base64")).toString()).toBe(whole);
    }
  }
  const [log] = store.query("SELECT operation, details FROM change_log ORDER BY sequence DESC").rows;
  expect(log).toEqual({ operation: "edit", details: expect.stringContaining("page") as unknown });
});

it("is off unless asked for, and a handle reads what another one wrote, either way", () => {
  const file = join(temporaryFolder(), "runs.db");
  const [plain, small] = [openSqliteStore(file), openSqliteStore(file, { compression })];
  const [first, second] = [plain.context("run"), small.context("run")];
  first.set("page", page(1));
  second.set("page", page(2));
  first.set("page", page(3));

  expect(storedIn(plain).compressed).toBe(1);
  second.refresh();

  expect(second.get("page")).toBe(page(3));
  expect(valuesOf(first, "page")).toEqual([page(1), page(2), page(3)]);
});

it("is refused where it is not said rightly", async () => {
  const wrong: unknown[] = ["on", {}, null, { overBytes: -1 }, { overBytes: "4096" }, { overBytes: 1.5 }];
  for (const given of wrong) {
    const options = { compression: given as Compression };
    const refusal = await refusalOf(() => openStore(join(temporaryFolder(), "runs.db"), options));
    expect([refusal.code, refusal.details]).toEqual([
      "OPTION_INVALID",
      expect.objectContaining({ option: expect.stringMatching(/^compression/) as unknown }),
    ]);
  }
});

it("stays for what is left of an event when something else in it is erased, by any handle", () => {
  const { store, ctx } = recorded();
  ctx.update({ page: page(7), token: page(8) });
  const before = storedIn(store);
  const other = openSqliteStore(store.location).context("run");
  other.redact("token", "leaked");

  expect(valuesOf(other, "token")[0]).toBeInstanceOf(ErasedValue);
  expect(valuesOf(other, "page")).toContain(page(7));
  expect(storedIn(store).compressed).toBe(before.compressed);
  expect(store.verify().faults).toEqual([]);
});

it("is kept by a backup, and by a salvage that is asked for it", () => {
  const { store } = recorded();
  const told = exportOf(store);
  const [copied, salvaged] = ["copied.db", "salvaged.db"].map((name) => join(temporaryFolder(), name)) as [
    string,
    string,
  ];
  store.backup(copied);
  store.close();
  const { isComplete } = salvageStore(store.location, salvaged, { compression });

  expect(isComplete).toBe(true);
  for (const file of [copied, salvaged]) {
    const again = openSqliteStore(file);
    expect(storedIn(again).compressed).toBe(7);
    expect(exportOf(again)).toBe(told);
  }
});

it("that was damaged is found, though the checksum of its row fits", () => {
  const { store } = recorded();
  store.close();
  const database = new Database(store.location);
  const triggers = database
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  database.exec(
    `UPDATE events SET payload = replace(payload, '"base64":"eF', '"base64":"eG'), payload_check = NULL WHERE sequence = 3`,
  );
  for (const { sql } of triggers) database.exec(sql);
  database.close();
  const again = openSqliteStore(store.location);

  expect(again.verify().faults).toContainEqual(expect.objectContaining({ context: "run", sequence: 3 }));
  expect(() => again.context("run").at(2).get("page")).toThrow(/#3/);
});

it("changes nothing of an export, which is plain and loads into either kind of store", async () => {
  const { store, ctx } = recorded();
  ctx.fork("twin", { at: 3 }).set("page", page(7));
  ctx.redact("step", "tidied");
  await ctx.phase("work", (copy) => void (copy.found = page(8)));
  const folder = temporaryFolder();
  const file = join(folder, "all.jsonl");
  store.save(file);

  expect(readFileSync(file, "utf8")).not.toContain("deflated");
  for (const options of [{}, { compression }]) {
    const copy = openSqliteStore(join(folder, `${Object.keys(options).length}.db`), options);
    copy.load(file);
    expect(exportOf(copy)).toBe(readFileSync(file, "utf8"));
    expect(storedIn(copy).compressed > 0).toBe("compression" in options);
    expect(copy.verify().faults).toEqual([]);
  }
});
