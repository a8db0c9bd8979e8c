import { spawnSync } from "node:child_process";
import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openStore } from "../../src/index.js";
import { childProgram } from "../support/child-processes.js";
import { forbidWrites, mayMount, mountDisk } from "../support/disks.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

describe.skipIf(!mayMount)("a disk without room", () => {
  it("refuses writes, keeps what was written, and takes more when there is room again", async () => {
    const disk = mountDisk("3m");
    const path = join(disk, "runs.db");
    const filler = join(disk, "filler");
    writeFileSync(filler, Buffer.alloc(1_500_000));
    const store = openStore(path);
    const context = store.context<Record<string, string>>("run");
    let written = 0;

    const refused = await refusalOf(() => {
      for (;;) {
        context.set(`key ${written}`, "x".repeat(20_000));
        written += 1;
      }
    });

    expect(refused).toMatchObject({ code: "STORE_FULL" });
    expect(written).toBeGreaterThan(3);
    expect(context.version).toBe(written);
    store.close();
    {
      using again = openStore(path);
      expect(again.context("run").version).toBe(written);
      expect(again.verify().isSound).toBe(true);
    }
    rmSync(filler);
    using later = openStore(path);
    later.context("run").set("last", "y".repeat(20_000));
    expect(later.context("run").version).toBe(written + 1);
  });

  it("has a backup and a save to it refused, and nothing left of them", async () => {
    const disk = mountDisk("256k");
    using store = openStore(join(temporaryFolder(), "runs.db"));
    store.context("run").set("large", "x".repeat(600_000));

    expect(await refusalOf(() => store.backup(join(disk, "copy.db")))).toMatchObject({
      code: "EXPORT_UNWRITABLE",
    });
    expect(await refusalOf(() => store.save(join(disk, "all.jsonl")))).toMatchObject({
      code: "EXPORT_UNWRITABLE",
    });

    expect(spawnSync("ls", ["-A", disk], { encoding: "utf8" }).stdout).toBe("");
  });
});

describe.skipIf(!mayMount)("a disk that became read-only", () => {
  it("refuses to open a store on it, and says why", async () => {
    const disk = mountDisk("3m");
    const path = join(disk, "runs.db");
    openStore(path).close();
    forbidWrites(disk);

    expect((await refusalOf(() => openStore(path))).code).toMatch(/STORE_READ_ONLY|STORE_UNREACHABLE/);
    expect(await refusalOf(() => openStore(join(disk, "new.db")))).toMatchObject({ code: "STORE_READ_ONLY" });
  });
});

describe("a process without file descriptors", () => {
  it.each([0, 1, 2, 3, 4, 5, 6])("with %i to spare is told so, or writes, and loses nothing", (spare) => {
    const path = join(temporaryFolder(), "runs.db");
    const child = childProgram("open-without-descriptors");

    const { stdout, stderr } = spawnSync(
      "sh",
      ["-c", `ulimit -n 128; exec "$0" "$@"`, process.execPath, child, path, String(spare)],
      { encoding: "utf8" },
    );

    expect(stderr).toBe("");
    expect(stdout).toMatch(/^(written|STORE_[A-Z]+|OUTCOME_UNKNOWN) written\n$/);
    using store = openStore(path, { create: false });
    expect(store.find("run")?.get("a")).toBe(2);
    expect(store.verify().isSound).toBe(true);
  });
});

describe("a reader that takes its time", () => {
  it("makes the log grow, keeps a redaction from being complete, and costs nothing once it is gone", () => {
    const path = join(temporaryFolder(), "runs.db");
    using store = openStore(path, { durability: "normal" });
    const context = store.context("run");
    context.set("token", "a secret");
    const reader = new Database(path, { readonly: true });
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM events").get();
    for (let turn = 0; turn < 10; turn += 1) context.set("large", `${turn}`.repeat(2_000_000));
    const grown = statSync(`${path}-wal`).size;

    const withReader = context.redact("token", "leaked");
    const copy = store.backup(join(temporaryFolder(), "copy.db"));
    reader.close();
    for (let turn = 0; turn < 3; turn += 1) context.set("large", `${turn}`.repeat(3_000_000));
    const afterwards = statSync(`${path}-wal`).size;
    const withoutReader = context.redact("large", "leaked");

    expect(withReader.isScrubbed).toBe(false);
    expect(copy.contexts).toBe(1);
    expect(grown).toBeGreaterThan(18_000_000);
    expect(afterwards).toBeLessThan(grown / 2);
    expect(withoutReader.isScrubbed).toBe(true);
    expect(statSync(`${path}-wal`).size).toBe(0);
  });
});
