import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bundleChild } from "../../scripts/soak/bundle.js";
import { lackingShim } from "../../scripts/soak/compile-shim.js";
import { type Fault, faultEnvironment, readCalls } from "../../scripts/soak/fault.js";
import type { Attempt, Policy } from "../../scripts/soak/faults/attempt.js";
import { checkAttempts } from "../../scripts/soak/faults/check-attempts.js";
import { files, makeActStore } from "../../scripts/soak/kill/act-store.js";
import { runWorker } from "../../scripts/soak/worker.js";
import { openStore } from "../../src/index.js";
import { temporaryFolder } from "../support/sqlite-files.js";

describe.skipIf(lackingShim() !== undefined)("while the disk fails", { timeout: 60_000 }, () => {
  const failingCommit: Fault = { at: 5, deed: "EIO", operations: ["fsync"], files: ["wal"] };

  it("a commit that cannot be synced has no known outcome, and its handle writes no more", async () => {
    const { attempts, failures } = await meet(failingCommit);

    const codes = attempts.map(({ told }) => (told.isDone ? "done" : told.code));
    const first = codes.indexOf("OUTCOME_UNKNOWN");
    expect(codes.slice(0, first)).toEqual(["done", "done"]);
    expect(new Set(codes.slice(first))).toEqual(new Set(["OUTCOME_UNKNOWN"]));
    expect(failures).toEqual([]);
  });

  it("the store is opened anew after that, and the key of the write tells whether it is there", async () => {
    const { attempts, failures } = await meet(failingCommit, { policy: "reopen" });

    const [, , unknown, ...rest] = attempts.map(({ told }) => (told.isDone ? "done" : told.code));
    expect(unknown).toBe("OUTCOME_UNKNOWN");
    expect(new Set(rest)).toEqual(new Set(["done"]));
    expect(failures).toEqual([]);
  });

  it("a folder that cannot be synced keeps a store from being opened, whatever SQLite says", async () => {
    const fault: Fault = { at: 1, deed: "EIO", operations: ["fsync"], files: ["folder"], isSticky: true };
    const found = await meet(fault, { isThere: true, policy: "die" });

    expect(found.codes("open")).toEqual(["STORE_UNREACHABLE"]);
    expect(found.codes("set")).toEqual([]);
  });

  it("a folder that cannot be synced keeps a store from being made", async () => {
    const fault: Fault = { at: 1, deed: "EIO", operations: ["fsync"], files: ["folder"], isSticky: true };
    const found = await meet(fault);

    expect(new Set(found.codes("open"))).toEqual(new Set(["STORE_UNREACHABLE"]));
    expect(found.failures).toEqual([]);
  });

  it("a full disk refuses the write, of which nothing is there", async () => {
    const fault: Fault = { at: 60, deed: "ENOSPC", operations: ["write"], files: ["wal"], isSticky: true };
    const { attempts, failures } = await meet(fault);

    const codes = attempts.map(({ told }) => (told.isDone ? "done" : told.code));
    expect(codes[0]).toBe("done");
    expect(new Set(codes)).toEqual(new Set(["done", "STORE_FULL"]));
    expect(failures).toEqual([]);
  });

  it("a store that was built half is put in place by nobody", async () => {
    const first = await writesOfDraft();

    for (let at = 1; at <= first; at += 12) {
      const fault: Fault = { at, deed: "EIO", operations: ["write"], files: ["draft"] };
      const { failures } = await meet(fault, { policy: "die" });

      expect(failures, `write ${at}`).toEqual([]);
    }
  });

  it.each([1, 2, 5, 8, 11, 300])("read %i of the file, failed once, is not called damage", async (at) => {
    const fault: Fault = { at, deed: "EIO", operations: ["read"], files: ["db"] };
    const { attempts, failures } = await meet(fault, { isThere: true });

    const codes = attempts.map(({ told }) => (told.isDone ? "done" : told.code));
    expect(codes).not.toContain("STORE_CORRUPT");
    expect(failures).toEqual([]);
  });

  it("descriptors that run out are told as what they are, and the rest goes on", async () => {
    const fault: Fault = { at: 1, deed: "EMFILE", operations: ["open"], isSticky: true };
    const { codes, failures } = await meet(fault);

    expect(new Set(codes("open"))).toEqual(new Set(["STORE_UNREACHABLE"]));
    expect(failures).toEqual([]);
  });

  it("a commit that its anchor cannot be told of stands", async () => {
    const fault: Fault = { at: 1, deed: "EIO", operations: ["write"], files: ["anchor"], isSticky: true };
    const { codes, failures } = await meet(fault, { isThere: true });

    expect(codes("set")).toEqual(["done"]);
    expect(failures).toEqual([]);
  });

  it("an erasure that is committed is told of, though the log cannot be emptied", async () => {
    const folder = temporaryFolder();
    makeActStore(folder);
    const fault: Fault = { at: 1, deed: "EIO", operations: ["write"], files: ["db"], isSticky: true };

    const argument = { name: "redaction", folder };
    const end = await runWorker(await bundleChild("act"), argument, { env: faultEnvironment(folder, fault) });

    expect(end.code, end.complaints).toBe(0);
    using store = openStore(join(folder, files.store));
    expect(store.find("secrets")?.has("token")).toBe(false);
  });
});

interface Meeting {
  readonly policy?: Policy;
  /** Whether the store is there before, so that only its opening is hit. */
  readonly isThere?: boolean;
}

/** Lets a process write in every way while one call fails, and gives what it was told, and what was not true of it. */
async function meet(fault: Fault, { policy = "retry", isThere = false }: Meeting = {}) {
  const folder = join(temporaryFolder(), "stores");
  mkdirSync(folder);
  const path = join(folder, "runs.db");
  if (isThere) openStore(path).close();
  const end = await runWorker(
    await bundleChild("try"),
    { path, policy },
    { env: faultEnvironment(folder, fault) },
  );
  const attempts = end.lines.map((line) => JSON.parse(line) as Attempt);
  const { lost, failures } = await checkAttempts(path, attempts);
  const codes = (step: string) =>
    attempts.flatMap(({ key, told }) => (key === step ? [told.isDone ? "done" : told.code] : []));
  return { attempts, codes, failures: lost === 0 ? failures : [...failures, `${lost} lost`] };
}

/** How many writes the making of a store takes. */
async function writesOfDraft(): Promise<number> {
  const folder = join(temporaryFolder(), "stores");
  mkdirSync(folder);
  const log = `${folder}.log`;
  const argument = { path: join(folder, "runs.db"), policy: "die" };
  await runWorker(await bundleChild("try"), argument, { env: faultEnvironment(folder, undefined, log) });
  expect(existsSync(log)).toBe(true);
  return readCalls(log).filter(({ operation, file }) => operation === "write" && file === "draft").length;
}
