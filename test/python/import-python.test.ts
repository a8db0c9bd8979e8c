import { copyFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eachEngine, openSqliteStore } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";
import { checkSessions } from "./check-sessions.js";
import { tellSession } from "./told-session.js";

const sessions = join(import.meta.dirname, "../fixtures/python-sessions");
const sessionFile = (name: string, file = "session.pkl") => join(sessions, name, file);

describe("sessions of the Python original", () => {
  it("become what their expected.json says, or are refused where it says so", async () => {
    const store = openSqliteStore(join(temporaryFolder(), "store.db"));

    const checked = await checkSessions(sessions, store);

    expect(checked.filter(({ differences }) => differences.length > 0)).toEqual([]);
    expect(checked.map(({ refused }) => refused?.replace(/ at .*?: /, " ")).filter(Boolean)).toEqual([
      "PYTHON_INVALID the file ends where a key has to stand",
      "PYTHON_INVALID the file ends where a value has to stand",
      "PYTHON_REFUSED builtins.print",
      "PYTHON_REFUSED builtins.__import__",
      "PYTHON_REFUSED builtins.getattr",
      "PYTHON_REFUSED types.SimpleNamespace",
      "PYTHON_REFUSED builtins.len",
      "PYTHON_REFUSED a call of cmbagent.orchestrator.durable_context.ContextSnapshot",
    ]);
    expect(checked).toHaveLength(31);
    expect(new Set(Object.values(store.rebuild().differences))).toEqual(new Set([0]));
  });
});

eachEngine("importing a session", ({ open, reopen }) => {
  it.each(["03-python-types", "09-cyclic", "10-rolled-back"])(
    "is there after opening anew: %s",
    async (name) => {
      const store = open();
      const { context: id } = await store.importPython(sessionFile(name));
      const before = await tellSession((await store.find(id))!);

      const reopened = await reopen(store);

      const context = (await reopened.find(id))!;
      expect(await tellSession(context)).toEqual(before);
      expect((await reopened.verify()).faults).toEqual([]);
      expect(new Set(Object.values((await reopened.rebuild()).differences))).toEqual(new Set([0]));
    },
  );

  it("tells what came over", async () => {
    const store = open();

    const imported = await store.importPython(sessionFile("10-rolled-back"), { actor: "mover" });

    expect(imported).toMatchObject({
      ...{ context: "rolled-back-10", sessionId: "rolled-back-10", format: "pickle", version: 5 },
      ...{ createdAt: 1767258000001, updatedAt: 1767258000122, snapshots: 5, changes: 19, repeated: [] },
      persistent: ["cfg", "session_id", "a", "z", "locked"],
      ephemeral: ["session_id", "a"],
      isDryRun: false,
    });
    const [info] = await store.contexts();
    expect(info).toMatchObject({ id: "rolled-back-10", version: 5, createdAt: 1767258000001 });
    const events = await (await store.find("rolled-back-10"))!.history();
    expect(new Set(events.map(({ actor }) => actor))).toEqual(new Set(["mover"]));
  });

  it("brings snapshots that can be restored, whatever their versions were", async () => {
    const store = open();
    await store.importPython(sessionFile("10-rolled-back"));
    const context = (await store.find("rolled-back-10"))!;

    const versions = context.snapshots().map(({ version, imported }) => [version, imported?.version]);
    expect(await context.restore({ snapshot: "with-progress" })).toBe(true);

    expect(versions).toEqual([
      [2, 2],
      [3, 3],
      [4, 4],
      [4, 3],
      [5, 5],
    ]);
    expect(context.version).toBe(6);
    // What is protected and has a value stays, as at every restore.
    expect(context.persistent).toEqual({
      ...{
        cfg: { host: "localhost" },
        session_id: "rolled-back-10",
        a: "old2",
        owner: "alice",
        progress: 50,
      },
      locked: { by: "bob" },
    });
  });

  it("keeps what was imported in exports", async () => {
    const [store, other, file] = [open(), open(), join(temporaryFolder(), "copy.jsonl")];
    await store.importPython(sessionFile("01-lifecycle"));
    await store.save(file);

    await other.load(file);

    const [one, two] = [(await store.find("swarm_01"))!, (await other.find("swarm_01"))!];
    expect(await tellSession(two)).toEqual(await tellSession(one));
    expect((await two.at(4)).data).toEqual((await one.at(one.snapshots()[1]!)).data);
  });

  it("is refused for a file that was imported before, unless it is asked for", async () => {
    const [store, copy] = [open(), join(temporaryFolder(), "another-name")];
    copyFileSync(sessionFile("01-lifecycle"), copy);
    await store.importPython(sessionFile("01-lifecycle"));

    const refusal = await refusalOf(() => store.importPython(copy, { as: "b" }));
    const taken = await refusalOf(() => store.importPython(copy, { again: true }));
    await store.importPython(copy, { again: true, as: "b" });

    expect([refusal.code, taken.code]).toEqual(["IMPORT_REPEATED", "CONTEXT_EXISTS"]);
    expect((await store.contexts()).map(({ id }) => id)).toEqual(["b", "swarm_01"]);
  });

  it("leaves nothing when it is a dry run", async () => {
    const store = open();

    const rehearsed = await store.importPython(sessionFile("01-lifecycle"), { dryRun: true });
    expect(await store.contexts()).toEqual([]);
    const imported = await store.importPython(sessionFile("01-lifecycle"));

    expect({ ...rehearsed, isDryRun: false }).toEqual(imported);
  });

  it("has to keep the limits of the store", async () => {
    const store = open({ limits: { refuse: { valueBytes: 100 } } });

    const refusal = await refusalOf(() => store.importPython(sessionFile("01-lifecycle")));

    expect(["LIMIT_EXCEEDED", "PYTHON_INVALID"]).toContain(refusal.code);
    expect(await store.contexts()).toEqual([]);
  });

  it.each([
    ["a file that is not there", "/nowhere/at/all", "EXPORT_NOT_FOUND"],
    ["a folder", sessions, "EXPORT_NOT_FOUND"],
    ["a device", "/dev/zero", "PYTHON_INVALID"],
  ])("is refused for %s", async (_, file, code) => {
    const refusal = await refusalOf(() => open().importPython(file));

    expect(refusal.code).toBe(code);
  });

  it("writes a large value of each snapshot as a change of the one before", async () => {
    const [store, file] = [open({ patches: "auto" }), join(temporaryFolder(), "s.json")];
    const rows = (count: number) => Array.from({ length: count }, (_, i) => ({ i, text: "x".repeat(100) }));
    const snapshots = [50, 51, 52].map((count, i) => ({
      ...{ version: i, timestamp: i, reason: "r", metadata: {} },
      data: { rows: rows(count) },
    }));
    const session = { ...emptySession, version: 9, persistent: { rows: rows(53) }, snapshots };
    writeFileSync(file, JSON.stringify(session));

    await store.importPython(file);

    const context = (await store.find("s"))!;
    expect((await context.history({ type: "values_imported" })).length).toBe(4);
    expect((await context.stats()).eventBytes).toBeLessThan(12_000);
    expect((await context.at(1)).get("rows")).toHaveLength(51);
  });
});

it("is no part of a batch, and never takes the store's own file", async () => {
  const store = openSqliteStore(join(temporaryFolder(), "store.db"));
  const context = store.context("a");

  const batched = await refusalOf(() =>
    context.batch(() => void store.importPython(sessionFile("11-empty"))),
  );
  const own = await refusalOf(() => store.importPython(store.location));

  expect([batched.code, own.code]).toEqual(["BATCH_UNSUPPORTED", "PYTHON_INVALID"]);
  expect(existsSync(store.location)).toBe(true);
});

const emptySession = {
  ...{ session_id: "s", version: 0, created_at: 0, updated_at: 0, persistent: {}, ephemeral: {} },
  ...{ protected_keys: [], snapshots: [], change_log: [] },
};
