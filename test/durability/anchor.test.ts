import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openStore, type SqliteStoreOptions, type Store, type StoreWarning } from "../../src/index.js";
import { greatestHead, recordBytes } from "../../src/engines/sqlite/anchor-record.js";
import { ended, spoken, startChild } from "../support/child-processes.js";
import { openSqliteStore } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

/** What the release before anchors and checksums wrote: two contexts, a phase, a snapshot, a fork, a deletion. */
const oldStore = join(import.meta.dirname, "../fixtures/stores/schema-4.db.gz");

const files = ["", "-wal", "-anchor"] as const;

describe("a store that lacks what was acknowledged", () => {
  it("is refused when its log is gone", async () => {
    const { path, position } = await killedStore();
    rmSync(`${path}-wal`);

    const refusal = await refusalOf(() => open(path));

    expect(refusal).toMatchObject({ code: "STORE_BEHIND", details: { store: path, expected: position } });
    expect(refusal.message).toContain('{ behind: "accept" }');
  });

  it.each([0.2, 0.5, 0.9])("is refused when a bit of its log is flipped at %s of it", async (place) => {
    const { path } = await killedStore();
    const bytes = readFileSync(`${path}-wal`);
    bytes[Math.floor(bytes.length * place)]! ^= 1;
    writeFileSync(`${path}-wal`, bytes);

    expect(await refusalOf(() => open(path))).toMatchObject({ code: "STORE_BEHIND" });
  });

  it("is refused when its log was cut short", async () => {
    const { path } = await killedStore();
    truncateSync(`${path}-wal`, Math.floor(statSync(`${path}-wal`).size / 2));

    expect(await refusalOf(() => open(path))).toMatchObject({ code: "STORE_BEHIND" });
  });

  it("is refused when an older copy of its database was put back", async () => {
    const { path } = closedStore(3);
    copyFileSync(path, `${path}.old`);
    extend(path, 4);
    copyFileSync(`${path}.old`, path);

    expect(await refusalOf(() => open(path))).toMatchObject({
      code: "STORE_BEHIND",
      details: { expected: 7, found: 3 },
    });
  });

  it("is refused when it holds another event in that place", async () => {
    const { path } = closedStore(3);
    const { path: other } = closedStore(5);
    copyFileSync(other, path);

    expect(await refusalOf(() => open(path))).toMatchObject({
      code: "STORE_BEHIND",
      details: { expected: 3, found: 5 },
    });
  });

  it.each(["gone", "emptied"])("is refused, and not made anew, when its database is %s", async (how) => {
    const { path } = closedStore(3);
    if (how === "gone") rmSync(path);
    else truncateSync(path);

    const { code } = await refusalOf(() => openStore(path));

    expect(code).toBe(how === "gone" ? "STORE_INCOMPLETE" : "STORE_FOREIGN");
    expect(readdirSync(join(path, ".."))).toContain("runs.db-anchor");
  });

  it("is told of by a verification while it is open", () => {
    const { path } = closedStore(3);
    const store = open(path);
    extend(path, 2);
    const anchor = readFileSync(`${path}-anchor`);
    const { path: shorter } = closedStore(2);
    using behind = openStore(shorter);

    writeFileSync(`${shorter}-anchor`, anchor);

    expect(store.verify().isSound).toBe(true);
    expect(behind.verify().faults).toMatchObject([
      { kind: "file", why: expect.stringContaining("event 5") as string },
    ]);
  });
});

describe("an anchor", () => {
  it("that is missing is an error, and is not made anew", async () => {
    const { path } = closedStore(3);
    rmSync(`${path}-anchor`);

    expect(await refusalOf(() => open(path))).toMatchObject({
      code: "STORE_UNANCHORED",
      details: { anchor: `${path}-anchor`, why: "missing" },
    });
    expect(await refusalOf(() => open(path))).toMatchObject({ code: "STORE_UNANCHORED" });
  });

  it.each<[string, (anchor: string) => void]>([
    ["empty", (anchor) => truncateSync(anchor)],
    ["rubbish", (anchor) => writeFileSync(anchor, "rubbish ".repeat(100))],
    [
      "a folder",
      (anchor) => {
        rmSync(anchor);
        mkdirSync(anchor);
      },
    ],
  ])("that is %s is an error", async (_, spoil) => {
    const { path } = closedStore(3);
    spoil(`${path}-anchor`);

    expect(await refusalOf(() => open(path))).toMatchObject({
      code: "STORE_UNANCHORED",
      details: { why: "unreadable" },
    });
  });

  it("that trails the store is none", () => {
    const { path } = closedStore(3);
    copyFileSync(`${path}-anchor`, `${path}.old`);
    extend(path, 4);
    copyFileSync(`${path}.old`, `${path}-anchor`);

    expect(open(path).find("run")?.sequence).toBe(7);
  });

  it("may tell of an event that was deleted with its context since", () => {
    const { path } = closedStore(1);
    const store = openStore(path);
    store.context("short-lived").set("a", 1);
    copyFileSync(`${path}-anchor`, `${path}.old`);
    store.delete("short-lived");
    store.close();
    copyFileSync(`${path}.old`, `${path}-anchor`);

    expect(open(path).verify().isSound).toBe(true);
  });

  it("stays short, and goes on telling of the newest event", () => {
    const { path } = closedStore(0);
    const store = openStore(path, { durability: "normal" });
    const context = store.context("run");
    for (let round = 0; round < 3_000; round += 1) context.set("round", round);
    store.close();

    expect(statSync(`${path}-anchor`).size).toBeLessThanOrEqual(1_024 * recordBytes);
    expect(greatestHead(readFileSync(`${path}-anchor`))?.position).toBe(3_001);
    expect(open(path).verify().isSound).toBe(true);
  });

  it("is shared by processes, and tells of the last commit of any of them", { timeout: 60_000 }, async () => {
    const { path } = closedStore(1);

    await Promise.all(["a", "b", "c"].map((name) => ended(startChild("share-context", path, name, "600"))));

    expect(greatestHead(readFileSync(`${path}-anchor`))?.position).toBe(newestPosition(open(path)));
  });

  it("that cannot be written leaves the commit as it is, and a warning tells", () => {
    const { path } = closedStore(1);
    const warnings: StoreWarning[] = [];
    // It is due to be begun anew, and will not be found.
    writeFileSync(`${path}-anchor`, Buffer.alloc(1_024 * recordBytes), { flag: "a" });
    const store = open(path);
    store.onWarning((warning) => warnings.push(warning));
    renameSync(`${path}-anchor`, `${path}-anchor.elsewhere`);

    store.context("run").set("b", 1);

    expect(warnings).toEqual([{ kind: "anchor", why: expect.stringContaining("ENOENT") as string }]);
    expect(store.query("SELECT count(*) AS n FROM events").rows).toEqual([{ n: 2 }]);
  });

  it("is made for a store of a release that had none, before that is brought to this one", async () => {
    const path = join(temporaryFolder(), "runs.db");
    writeFileSync(path, gunzipSync(readFileSync(oldStore)), { mode: 0o600 });

    const store = open(path);

    expect(greatestHead(readFileSync(`${path}-anchor`))?.position).toBe(newestPosition(store));
    expect(store.contexts().map(({ id }) => id)).toEqual(["run-42", "run-42-again"]);
    store.context("run-42").set("step", 8);
    expect(store.verify().faults).toEqual([]);
    store.close();
    rmSync(`${path}-anchor`);
    expect(await refusalOf(() => open(path))).toMatchObject({ code: "STORE_UNANCHORED" });
  });

  it("that was left by a creation that was cut off is used by the next one", () => {
    const { path } = closedStore(0);
    rmSync(path);

    open(path, { create: true }).context("run");

    expect(greatestHead(readFileSync(`${path}-anchor`))?.position).toBe(1);
  });
});

describe("going on with what is left", () => {
  it("keeps in the store's own stream what was lacking, and who accepted it", async () => {
    const { path, position } = await killedStore();
    rmSync(`${path}-wal`);

    openStore(path, { behind: "accept", actor: "admin" }).close();

    const store = open(path);
    const [event] = store.query(
      "SELECT type, actor, json_extract(payload, '$.details.expected') AS expected FROM events WHERE context = 0",
    ).rows;
    expect(event).toEqual({ type: "loss_accepted", actor: "admin", expected: position });
    expect(store.verify().isSound).toBe(true);
    store.context("run").set("goes on", true);
  });

  it("is not needed again, nor noted again", () => {
    const { path } = closedStore(3);
    rmSync(`${path}-anchor`);

    for (let round = 0; round < 2; round += 1) openStore(path, { behind: "accept" }).close();

    expect(open(path).query("SELECT count(*) AS n FROM events WHERE context = 0").rows).toEqual([{ n: 1 }]);
  });

  it("is of no use where something else is wrong", async () => {
    const { path } = closedStore(3);
    writeFileSync(path, "rubbish");

    expect(await refusalOf(() => openStore(path, { behind: "accept" }))).toMatchObject({
      code: "STORE_FOREIGN",
    });
  });
});

function newestPosition(store: Store): unknown {
  return store.query("SELECT max(position) AS position FROM events").rows[0]?.position;
}

function open(path: string, options: SqliteStoreOptions = {}): Store {
  return openSqliteStore(path, { create: false, ...options });
}

/** A store that is closed, with so many events in one context. */
function closedStore(events: number): { path: string } {
  const path = join(temporaryFolder(), "runs.db");
  openStore(path).close();
  extend(path, events);
  return { path };
}

function extend(path: string, events: number): void {
  using store = openStore(path);
  for (let count = 0; count < events; count += 1) {
    if (count === 0 && store.find("run") === undefined) store.context("run");
    else store.context("run").set("count", { count, at: store.context("run").sequence });
  }
}

/** The files that a process leaves behind that was killed while it wrote, and the last event it told of. */
async function killedStore(): Promise<{ path: string; position: number }> {
  killed ??= filesOfKilled();
  const path = join(temporaryFolder(), "runs.db");
  for (const [ending, bytes] of await killed) writeFileSync(path + ending, bytes, { mode: 0o600 });
  return { path, position: greatestHead(readFileSync(`${path}-anchor`))?.position ?? 0 };
}

/** They are made once, and each test has a copy. */
let killed: Promise<readonly (readonly [string, Buffer])[]> | undefined;

async function filesOfKilled(): Promise<readonly (readonly [string, Buffer])[]> {
  const path = join(temporaryFolder(), "runs.db");
  const child = startChild("write-until-killed", path);
  await told(child, 20);
  child.kill("SIGKILL");
  await once(child, "close");
  return files.map((ending) => [ending, readFileSync(path + ending)]);
}

/** Waits until a child has said so many lines. */
async function told(child: ChildProcessWithoutNullStreams, lines: number): Promise<void> {
  let output = "";
  while (output.split("\n").length <= lines) output += await spoken(child);
}
