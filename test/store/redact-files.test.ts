import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openSqliteStore } from "../support/each-engine.js";
import { temporaryFolder } from "../support/sqlite-files.js";

describe("redacting in a file", () => {
  it("leaves no copy of the secret in any file of the store", () => {
    const file = join(temporaryFolder(), "runs.db");
    const store = openSqliteStore(file);
    const ctx = store.context("run");
    const secret = "sk-live-0123456789abcdef";
    for (let round = 0; round < 50; round++)
      ctx.set("config", { round, key: secret, pad: "x".repeat(round * 300) });
    ctx.setEphemeral("config", secret);
    ctx.fork("twin").set("more", 1);
    expect(inFiles(file, secret)).toBe(true);

    const { isScrubbed } = ctx.redact("config", "leaked");

    expect(isScrubbed).toBe(true);
    expect(inFiles(file, secret)).toBe(false);
    store.close();
    expect(inFiles(file, secret)).toBe(false);
  });

  it("says so where a reader of an older state keeps copies in the log, and is complete once it is gone", () => {
    const file = join(temporaryFolder(), "runs.db");
    const store = openSqliteStore(file, { lockTimeoutMs: 100 });
    const ctx = store.context("run");
    const secret = "a secret that is long enough to be found";
    ctx.set("a", secret);
    const reader = new Database(file, { readonly: true });
    reader.exec("BEGIN; SELECT count(*) FROM events");
    ctx.set("b", 1);

    expect(ctx.redact("a", "why")).toMatchObject({ values: 1, isScrubbed: false });
    reader.exec("ROLLBACK");
    expect(ctx.redact("a", "why")).toMatchObject({ values: 0, isScrubbed: true });

    expect(inFiles(file, secret)).toBe(false);
    reader.close();
  });

  it("is all that a file lets anybody do to its events", () => {
    const file = join(temporaryFolder(), "runs.db");
    const store = openSqliteStore(file);
    const ctx = store.context("run");
    ctx.update({ a: "secret", b: 1 });
    ctx.redact("a", "why");
    const database = new Database(file);
    const change = (set: string, sequence: number) => () =>
      database.exec(`UPDATE events SET ${set} WHERE sequence = ${sequence}`);

    // The newest event of the context is the erasure of event 2, so only that one's payload may change.
    expect(change("payload = '{}'", 1)).toThrow("append-only");
    expect(change("payload = '{}'", 3)).toThrow("append-only");
    expect(change("actor = 'eve'", 2)).toThrow("append-only");
    expect(change("payload = '{}', version = 9", 2)).toThrow("append-only");
    ctx.set("c", 1);
    expect(change("payload = '{}'", 2)).toThrow("append-only");
    database.close();
  });
});

function inFiles(file: string, text: string): boolean {
  const folder = dirname(file);
  return readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(text));
}
