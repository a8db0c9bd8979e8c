import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fill, openDesk } from "./command-line.js";

describe("set", () => {
  it("prints the version that it made, and says when nothing changed", async () => {
    const desk = openDesk();
    await desk.run(["set", "run-42", "plan", '{"steps":[]}', "--create"]);

    const changed = await desk.run(["set", "run-42", "plan", "-5"]);
    const unchanged = await desk.run(["set", "run-42", "plan", "-5"]);

    expect(changed).toEqual({ code: 0, out: "run-42@2\n", err: "" });
    expect(unchanged).toEqual({
      code: 0,
      out: "run-42@2\n",
      err: "Nothing changed: run-42@2 is as it was.\n",
    });
  });

  it("makes neither store nor context unless told so", async () => {
    const desk = openDesk();

    const store = await desk.run(["set", "run-42", "a", "1"]);
    const rehearsed = await desk.run(["set", "run-42", "a", "1", "--create", "--dry-run"]);
    const isThere = existsSync(desk.store);
    await desk.run(["set", "run-42", "a", "1", "--create"]);
    const context = await desk.run(["set", "run-43", "a", "1"]);

    expect([store.code, rehearsed.out, isThere, context.code]).toEqual([3, "run-42@1\n", false, 3]);
  });

  it("takes text literally, or a value from stdin", async () => {
    const desk = openDesk();

    await desk.run(["set", "a", "text", "ready", "--string", "--create"]);
    await desk.run(["set", "a", "piped", "-"], { stdin: '{"x": [1]}\n' });
    await desk.run(["set", "a", "both", "-", "--string"], { stdin: "two\nlines\n" });

    expect(
      (await desk.run(["show", "a"])).out.split("\n").filter((line) => !line.includes("initial")),
    ).toEqual([
      'persistent\ttext\t\t"ready"',
      'persistent\tpiped\t\t{"x":[1]}',
      'persistent\tboth\t\t"two\\nlines\\n"',
      "",
    ]);
  });

  it("hands on who, why, protection and idempotency", async () => {
    const desk = openDesk();
    const words = ["set", "a", "goal", "1", "--protect", "--actor", "planner", "--cause", "b#2"];

    await desk.run([...words, "--idempotency-key", "k", "--create"]);
    await desk.run([...words, "--idempotency-key", "k"]);

    const { out } = await desk.run(["log", "a", "--jsonl", "--type", "value_set"]);
    expect(JSON.parse(out)).toMatchObject({ actor: "planner", cause: "b#2", idempotencyKey: "k" });
    expect((await desk.run(["show", "a"])).out).toContain("persistent\tgoal\tprotected\t1\n");
  });

  it("sets scratch data with --ephemeral", async () => {
    const desk = openDesk();

    await desk.run(["set", "a", "progress", "50", "--ephemeral", "--create"]);

    expect((await desk.run(["show", "a"])).out).toBe("ephemeral\tprogress\t\t50\n");
  });
});

describe("a warning", () => {
  it("goes to stderr, beside the answer", async () => {
    const desk = openDesk();
    fill(desk, (context) => context.setLimits({ warn: { keys: 1 } }));

    await desk.run(["set", "run-42", "a", "1"]);
    const second = await desk.run(["set", "run-42", "b", "1"]);

    expect(second).toEqual({
      code: 0,
      out: "run-42@2\n",
      err: 'Warning: context "run-42" has passed its limit keys: 2 of 1.\n',
    });
  });
});

describe("--dry-run", () => {
  it.each([
    [["set", "run-42", "step", "2"], "run-42@3\n"],
    [["delete", "run-42", "step"], "run-42@3\n"],
    [["merge", "run-42", '{"step":2,"new":1}', "--strategy", "update"], "written\tstep\t\nwritten\tnew\t\n"],
    [["restore", "run-42@1"], "deleted\tstep\n"],
    [["delete", "run-42", "--context"], ""],
  ])("shows what %j would do, and writes nothing", async (words, expected) => {
    const desk = openDesk();
    fill(desk, (context) => {
      context.set("goal", 1);
      context.set("step", 1);
    });
    const before = await desk.run(["log", "run-42"]);

    const { code, out, err } = await desk.run([...words, "--dry-run"]);

    expect({ code, out }).toEqual({ code: 0, out: expected });
    expect(err).toMatch(/^Nothing was (written|deleted): this was a dry run/);
    expect(await desk.run(["log", "run-42"])).toEqual(before);
  });

  it("refuses what the command itself would refuse", async () => {
    const desk = openDesk();
    fill(desk, (context) => context.set("goal", 1, { protect: true }));

    expect((await desk.run(["set", "run-42", "goal", "2", "--dry-run"])).code).toBe(4);
  });
});

describe("merge", () => {
  it("lists what was written and skipped, from a file too", async () => {
    const desk = openDesk();
    fill(desk, (context) => {
      context.set("goal", 1, { protect: true });
      context.set("old", 1);
    });
    const file = join(desk.folder, "results.json");
    writeFileSync(file, '{"goal":2,"old":2,"new":2}');

    const { out } = await desk.run(["merge", "run-42", `@${file}`]);

    expect(out).toBe("written\tnew\t\nskipped\tgoal\tprotected\nskipped\told\texists\n");
  });

  it("prefixes keys, and merges from a base", async () => {
    const desk = openDesk();
    fill(desk, (context) => context.set("a", 1));

    const prefixed = await desk.run(["merge", "run-42", "-", "--strategy", "prefixed", "--prefix", "r_"], {
      stdin: '{"a":2}',
    });
    const threeWay = await desk.run(["merge", "run-42", '{"a":3}', "--strategy", "threeWay", "--base", "@1"]);

    expect([prefixed.out, threeWay.out]).toEqual(["written\tr_a\t\n", "written\ta\t\n"]);
  });
});

describe("snapshots", () => {
  it("are taken, listed, named in references and restored", async () => {
    const desk = openDesk();
    fill(desk, (context) => context.set("step", 1));

    const taken = await desk.run(["snapshot", "run-42", "before research"]);
    await desk.run(["set", "run-42", "step", "2"]);
    const past = await desk.run(["get", "run-42@snapshot:before research", "step"]);
    const restored = await desk.run(["restore", "run-42"]);
    const again = await desk.run(["restore", `run-42@snapshot:${taken.out.trim()}`]);

    expect([past.out, restored.out]).toEqual(["1\n", "set\tstep\n"]);
    expect(again).toMatchObject({ code: 0, out: "" });
    expect((await desk.run(["snapshots", "run-42"])).out).toContain(`${taken.out.trim()}\t1\t`);
  });
});

describe("save and load", () => {
  it("carry contexts to another store", async () => {
    const [from, to] = [openDesk(), openDesk()];
    fill(from, (context) => context.set("a", new Date(0)));
    const file = join(from.folder, "saved.jsonl");

    const saved = await from.run(["save", file]);
    const checked = await to.run(["load", file, "--dry-run"]);
    const isThere = existsSync(to.store);
    const loaded = await to.run(["load", file]);

    expect(saved.err).toBe(`Saved 1 context with 2 events to ${JSON.stringify(file)}.\n`);
    expect([checked.out, isThere, loaded.out]).toEqual(["run-42\n", false, "run-42\n"]);
    expect(await to.run(["show", "run-42"])).toEqual(await from.run(["show", "run-42"]));
    expect(readFileSync(file, "utf8")).toContain('"durable-context":"export"');
  });

  it("make no store for a file that is not there", async () => {
    const desk = openDesk();

    await desk.run(["load", "/nowhere/at/all"]);

    expect(existsSync(desk.store)).toBe(false);
  });
});

describe("export and import", () => {
  it("are other names of save and load", async () => {
    const [from, to] = [openDesk(), openDesk()];
    fill(from, (context) => context.set("a", 1));
    const file = join(from.folder, "exported.jsonl");

    const exported = await from.run(["export", file, "run-42"]);
    const imported = await to.run(["import", file]);

    expect(exported.err).toBe(`Saved 1 context with 2 events to ${JSON.stringify(file)}.\n`);
    expect(imported.out).toBe("run-42\n");
    const hashes = "SELECT hash FROM history ORDER BY position";
    expect(await to.run(["sql", hashes])).toEqual(await from.run(["sql", hashes]));
  });

  it("are named by the help of both", async () => {
    const { out } = await openDesk().run(["--help"]);

    expect(out).toContain("save|export");
    expect(out).toContain("load|import");
    expect(await openDesk().run(["export", "--help"])).toEqual(await openDesk().run(["save", "--help"]));
  });
});

describe("backup", () => {
  it("copies the store to a file that is one", async () => {
    const desk = openDesk();
    fill(desk, (context) => context.set("a", 1));
    const file = join(desk.folder, "copy.db");

    const { code, out, err } = await desk.run(["backup", file]);

    expect([code, out]).toEqual([0, ""]);
    expect(err).toMatch(/^Backed up 1 context with 2 events to ".*copy\.db": \d+ bytes\.\n$/);
    expect(await desk.run(["log", "run-42", "-s", file])).toEqual(await desk.run(["log", "run-42"]));
  });
});

describe("delete", () => {
  it("deletes a context with --yes", async () => {
    const desk = openDesk();
    fill(desk, () => undefined);

    const { err } = await desk.run(["delete", "run-42", "--context", "--yes"]);

    expect(err).toBe('Deleted context "run-42" with its 1 event.\n');
    expect((await desk.run(["contexts"])).out).toBe("");
  });
});

describe("prune", () => {
  it("goes past what only unpinned snapshots need with --drop-unpinned", async () => {
    const desk = openDesk();
    fill(desk, (context) => {
      context.set("step", 1);
      context.snapshot("unpinned");
      context.set("step", 2);
      context.snapshot("pinned", { pin: true });
      for (const step of [3, 4, 5]) context.set("step", step);
    });
    const words = ["prune", "run-42", "--before", "@5", "--no-archive", "--dry-run", "--json"];

    const answers = [await desk.run(words), await desk.run([...words, "--drop-unpinned"])];

    const heldAt = answers.map(({ out }) => JSON.parse(out) as { contexts: { floor: number }[] });
    expect(heldAt.map(({ contexts }) => contexts[0]?.floor)).toEqual([3, 5]);
  });
});
