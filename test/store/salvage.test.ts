import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ContextError, openStore, salvageStore, type Store } from "../../src/index.js";
import { linesIn } from "../../scripts/soak/event-rows.js";
import { BrokenStore, fillRichly, writeTo } from "../support/broken-store.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

describe("the salvage of a healthy store", () => {
  it("brings everything over, with equal heads", () => {
    const broken = new BrokenStore(fillRichly);
    const before = linesIn(broken.file);

    const { isComplete, contexts, verification, damage, unplaced } = broken.salvage();

    expect({ isComplete, damage, unplaced }).toEqual({
      isComplete: true,
      damage: [],
      unplaced: { events: 0 },
    });
    expect(contexts.every(({ recovered, of, added }) => recovered === of && added.length === 0)).toBe(true);
    expect(verification.faults).toEqual([]);
    expect(linesIn(broken.into)).toEqual(before);
  });

  it("keeps names, snapshots, forks, phases and what was erased", () => {
    const broken = new BrokenStore(fillRichly);
    const before = told(openStore(broken.file));

    broken.salvage();

    expect(told(broken.open())).toEqual(before);
  });

  it("keeps what is left of a pruned history", () => {
    const broken = new BrokenStore((store) => {
      const ctx = store.context("run", { initial: { a: 1, gone: 2 } });
      for (let step = 0; step < 20; step += 1) ctx.update({ step, [`key-${step % 3}`]: { step } });
      ctx.delete("gone");
      ctx.redact("key-1", "a leak");
      ctx.prune({ before: 12 });
      ctx.fork("twin").set("a", 3);
    });
    const read = (file: string) => {
      using store = openStore(file);
      const [run, twin] = [store.find("run")!, store.find("twin")!];
      return [run.history().map(({ hash }) => hash), run.at(12).entries(), twin.at("@latest").entries()];
    };
    const before = read(broken.file);

    const { isComplete, verification } = broken.salvage();

    expect([isComplete, verification.faults]).toEqual([true, []]);
    expect(read(broken.into)).toEqual(before);
  });

  it("keeps what the store tells of itself", () => {
    const broken = new BrokenStore((store) => {
      store.context("gone").set("a", 1);
      store.delete("gone");
    });

    const { stream } = broken.salvage();

    expect(stream).toEqual({ recovered: 1, of: 1, missing: [] });
    using store = broken.open();
    const types = store.query("SELECT type FROM events WHERE context = 0 ORDER BY sequence").rows;
    expect(types.map(({ type }) => type)).toEqual(["context_deleted"]);
  });

  it("changes nothing in the files that it reads", () => {
    const broken = new BrokenStore(fillRichly, { log: true });
    const files = ["broken.db", "broken.db-anchor", "broken.db-wal"];
    const look = () => files.map((file) => readFileSync(join(broken.folder, file)).toString("latin1"));
    const before = look();

    broken.salvage();

    expect(look()).toEqual(before);
    expect(readdirSync(broken.folder).filter((file) => file.startsWith("broken"))).toEqual(files);
  });

  it("makes an empty store of an empty one", () => {
    const broken = new BrokenStore(() => undefined);

    const { isComplete, contexts } = broken.salvage();

    expect({ isComplete, contexts }).toEqual({ isComplete: true, contexts: [] });
  });

  it("keeps the file to its owner", () => {
    const broken = new BrokenStore(fillRichly);

    const { file } = broken.salvage();

    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe("a refused salvage", () => {
  const foreign: Readonly<Record<string, (file: string) => void>> = {
    "a text": (file) => {
      writeFileSync(file, "just a text\n".repeat(1000));
    },
    "an empty file": (file) => {
      writeFileSync(file, "");
    },
    zeros: (file) => {
      writeFileSync(file, Buffer.alloc(100_000));
    },
    "a folder": (file) => {
      mkdirSync(file);
    },
    "another program's database": (file) => {
      writeTo(file, "CREATE TABLE things (a, b)");
    },
  };

  it.each(Object.entries(foreign))("makes nothing of %s", async (_, make) => {
    const folder = temporaryFolder();
    make(join(folder, "broken.db"));

    const { code } = await refusalOf(() => salvageStore(join(folder, "broken.db"), join(folder, "into.db")));

    expect(code).toBe("STORE_FOREIGN");
    expect(readdirSync(folder)).toEqual(["broken.db"]);
  });

  it("makes nothing of a file that is not there", async () => {
    const folder = temporaryFolder();

    expect(
      await refusalOf(() => salvageStore(join(folder, "broken.db"), join(folder, "into.db"))),
    ).toMatchObject({ code: "STORE_NOT_FOUND" });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(["", "-wal", "-anchor", ".unplaced.jsonl"])("replaces no file: %s", async (ending) => {
    const broken = new BrokenStore(fillRichly);
    writeFileSync(broken.into + ending, "mine");

    expect(await refusalOf(() => broken.salvage())).toMatchObject({ code: "SALVAGE_EXISTS" });
    expect(readFileSync(broken.into + ending, "utf8")).toBe("mine");
  });

  it("does not write into the damaged store's own files", async () => {
    const broken = new BrokenStore(fillRichly);

    expect(await refusalOf(() => salvageStore(broken.file, `${broken.file}-wal`))).toMatchObject({
      code: "EXPORT_UNWRITABLE",
    });
    expect(existsSync(`${broken.file}-wal`)).toBe(false);
  });

  it("keeps its hands off a store that this process has open", async () => {
    const broken = new BrokenStore(fillRichly);
    using store = openStore(broken.file);

    expect(await refusalOf(() => broken.salvage())).toMatchObject({ code: "STORE_IN_USE" });
    store.close();
    expect(broken.salvage().isComplete).toBe(true);
  });

  it("names the class that it was not given, and leaves nothing behind", () => {
    const broken = new BrokenStore(() => undefined);
    const classes = [
      {
        name: "Money",
        is: (value: unknown) => value instanceof Set && value.has("money"),
        encode: () => 1,
        decode: () => new Set(["money"]),
      },
    ];
    using store = openStore(broken.file, { classes });
    store.context("run-42").set("price", new Set(["money"]));
    store.close();

    expect(() => broken.salvage()).toThrow(ContextError);
    expect(readdirSync(broken.folder)).toEqual(["broken.db", "broken.db-anchor"]);
    expect(salvageStore(broken.file, broken.into, { classes }).isComplete).toBe(true);
  });
});

function told(store: Store): unknown {
  try {
    return store.contexts().map(({ id }) => {
      const ctx = store.find(id)!;
      const history = ctx.history().map(({ hash, type, effects }) => [hash, type, effects]);
      return [id, { ...ctx.data }, ctx.version, ctx.protectedKeys, ctx.snapshots(), history];
    });
  } finally {
    store.close();
  }
}
