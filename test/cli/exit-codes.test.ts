import Database from "better-sqlite3";
import { renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "../../src/index.js";
import { type Desk, fill, openDesk, runWords } from "./command-line.js";

describe("the exit code", () => {
  it.each([
    ["an unknown command", ["shw"], "Did you mean show?"],
    ["an unknown option", ["show", "run-42", "--jsno"], "Did you mean --json?"],
    ["a missing argument", ["get", "run-42"], "Missing required argument 'key'"],
    ["too many arguments", ["show", "a", "b"], "Too many arguments"],
    ["a point that cannot be read", ["show", "run-42@nowhere"], "cannot be read"],
    ["a point where a context was expected", ["snapshots", "run-42@3"], "names a point in history"],
    ["a value that is not JSON", ["set", "run-42", "a", "ready"], "The value is not JSON"],
    ["a merge of no object", ["merge", "run-42", "[1]"], "A JSON object was expected"],
    ["an unknown strategy", ["merge", "run-42", "{}", "--strategy", "best"], "Allowed choices are"],
    [
      "a prefixed merge without a prefix",
      ["merge", "run-42", "{}", "--strategy", "prefixed"],
      "Pass --prefix",
    ],
    ["options that exclude each other", ["log", "run-42", "--changes", "-f"], "cannot be used with"],
    ["a limit that is no number", ["contexts", "--limit", "few"], "not a whole number"],
    ["a time that is none", ["contexts", "--since", "noon"], "no time such as"],
    ["a deletion that nobody confirmed", ["delete", "run-42", "--context"], "--yes"],
    ["a deletion of nothing in particular", ["delete", "run-42"], "Name either a key, or --context"],
    ["a stream in one document", ["log", "run-42", "-f", "--json"], "Use --jsonl"],
  ])("is 2 for %s", async (_, words, message) => {
    const desk = filledDesk();

    const { code, out, err } = await desk.run(words);

    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
  });

  it("is 2 where no store was named, which names both ways to do so", async () => {
    const { code, err } = await runWords(["contexts"]);

    expect(code).toBe(2);
    expect(err).toContain("--store FILE");
    expect(err).toContain("DURABLE_CONTEXT_STORE");
  });

  it.each([
    ["context", ["show", "run-43"]],
    ["context to write to", ["set", "run-43", "a", "1"]],
    ["key", ["get", "run-42", "nothing"]],
    ["key to delete", ["delete", "run-42", "nothing"]],
    ["version", ["show", "run-42@99"]],
    ["state to restore", ["restore", "run-42@99"]],
    ["snapshot to restore", ["restore", "run-42"]],
    ["file to load", ["load", "/nowhere/at/all"]],
    ["store", ["contexts", "--store", "/nowhere/at/all"]],
  ])("is 3 where there is no such %s", async (_, words) => {
    const desk = filledDesk();

    const { code, out } = await desk.run(words);

    expect({ code, out }).toEqual({ code: 3, out: "" });
  });

  it.each([
    ["KEY_PROTECTED", ["set", "run-42", "goal", "2"]],
    ["VERSION_CONFLICT", ["set", "run-42", "step", "2", "--expected-version", "1"]],
    ["IDEMPOTENCY_MISMATCH", ["set", "run-42", "step", "9", "--idempotency-key", "once"]],
    ["MERGE_CONFLICT", ["merge", "run-42", '{"step":9}', "--strategy", "threeWay", "--base", "@1"]],
  ])("is 4 for %s", async (expected, words) => {
    const desk = filledDesk();

    const { code, err } = await desk.run([...words, "--json"]);

    expect(code).toBe(4);
    expect(JSON.parse(err)).toMatchObject({ format: 1, error: { code: expected } });
  });

  it("is 4 for loading a context that exists", async () => {
    const desk = filledDesk();
    const file = join(desk.folder, "saved");
    await desk.run(["save", file]);

    const codes = [await desk.run(["load", file]), await desk.run(["load", file, "--dry-run"])].map(
      ({ code }) => code,
    );

    expect(codes).toEqual([4, 4]);
  });

  it("is 5 for a store whose anchor is lost, until that is accepted", async () => {
    const desk = openDesk();
    fill(desk, (context) => context.set("step", 1));
    rmSync(`${desk.store}-anchor`);

    const refused = await desk.run(["contexts"]);
    const unasked = await desk.run(["accept-loss"]);
    const accepted = await desk.run(["accept-loss", "--yes", "--actor", "ada"]);
    const again = await desk.run(["accept-loss"]);

    expect([refused.code, unasked.code, accepted.code, again.code]).toEqual([5, 2, 0, 0]);
    expect(refused.err).toContain("The anchor of store");
    expect(accepted.err).toBe("The store goes on with what is there: its anchor is missing.\n");
    expect(again.err).toContain("Nothing is lacking");
    expect((await desk.run(["verify"])).code).toBe(0);
  });

  it("is 4 for a backup to a file that exists", async () => {
    const desk = filledDesk();
    const file = join(desk.folder, "copy.db");
    await desk.run(["backup", file]);

    const { code, err } = await desk.run(["backup", file]);

    expect(code).toBe(4);
    expect(err).toContain("Choose another name");
  });

  it("is 5 for an export that is no good", async () => {
    const desk = filledDesk();
    const file = join(desk.folder, "saved");
    writeFileSync(file, "{}\n");

    expect(await desk.run(["load", file])).toMatchObject({ code: 5, out: "" });
  });

  it("is 5 for a store that lost its file beside its log", async () => {
    const desk = filledDesk();
    writeFileSync(`${desk.store}-wal`, "left over");
    renameSync(desk.store, join(desk.folder, "elsewhere"));

    const { code, err } = await desk.run(["contexts", "--json"]);

    expect({ code, error: (JSON.parse(err) as { error: { code: string } }).error.code }).toEqual({
      code: 5,
      error: "STORE_INCOMPLETE",
    });
  });

  it("is 5 for a damaged store", async () => {
    const desk = filledDesk();
    truncateSync(desk.store, 8192);

    expect(await desk.run(["show", "run-42"])).toMatchObject({ code: 5, out: "" });
  });

  it("is 1 for a query that is refused, and for another application's file", async () => {
    const desk = filledDesk();
    const foreign = join(desk.folder, "notes.txt");
    writeFileSync(foreign, "not a database, but long enough to look like one".repeat(40));

    const codes = [
      await desk.run(["sql", "DELETE FROM events"]),
      await desk.run(["sql", "SELEC"]),
      await desk.run(["contexts", "-s", foreign]),
    ].map(({ code }) => code);

    expect(codes).toEqual([1, 1, 1]);
  });

  it("is 6 for a rebuild that found differences, where that was asked for", async () => {
    const desk = filledDesk();
    const tamper = () => {
      const database = new Database(desk.store);
      database.exec("UPDATE current_keys SET value = '99' WHERE key = 'step'");
      database.close();
    };

    tamper();
    const asked = await desk.run(["rebuild", "--exit-code"]);
    tamper();
    const unasked = await desk.run(["rebuild"]);
    const clean = await desk.run(["rebuild", "--exit-code"]);

    expect([asked.code, unasked.code, clean.code]).toEqual([6, 0, 0]);
    expect(asked.out).toContain("current_keys\t2");
    expect(asked.err).toContain("2 rows had been wrong");
  });

  it("is 0 for help and version, and 2 for no command", async () => {
    const ended = [
      await runWords(["--help"]),
      await runWords(["show", "--help"]),
      await runWords(["--version"]),
    ];
    const nothing = await runWords([]);

    expect(ended.map(({ code, err }) => [code, err])).toEqual([
      [0, ""],
      [0, ""],
      [0, ""],
    ]);
    expect(nothing).toMatchObject({ code: 2, out: "" });
    expect(nothing.err).toContain("Usage:");
  });
});

describe("an error", () => {
  it("is one line and a hint on stderr", async () => {
    const { err } = await filledDesk().run(["show", "run-43"]);

    expect(err).toMatch(/^durable-context: Context "run-43" does not exist.*\nhint: .*\n$/);
  });

  it("is a document with --json, also where the words themselves are wrong", async () => {
    const { err } = await runWords(["shw", "--json"]);

    expect(JSON.parse(err)).toEqual({
      format: 1,
      error: { code: "USAGE", message: "Unknown command 'shw'.", hint: "Did you mean show?" },
    });
  });
});

function filledDesk(): Desk {
  const desk = openDesk();
  using store = openStore(desk.store);
  const context = store.context("run-42");
  context.set("goal", 1, { protect: true });
  context.set("step", 1, { idempotencyKey: "once" });
  context.set("step", 2);
  return desk;
}
