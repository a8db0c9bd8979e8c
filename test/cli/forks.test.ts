import { writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { type Desk, fill, openDesk } from "./command-line.js";

function fillFamily(): Desk {
  const desk = openDesk();
  fill(desk, (context) => {
    context.set("step", 1);
    context.set("step", 2);
  });
  return desk;
}

it("fork makes a context from a point, and lineage shows the tree", async () => {
  const desk = fillFamily();

  const { code, out } = await desk.run(["fork", "run-42@1", "twin", "--actor", "ada"]);
  await desk.run(["fork", "twin", "leaf\u001b[31m"]);
  const tree = await desk.run(["lineage", "twin"], { terminal: true });
  const rows = await desk.run(["lineage", "twin"]);

  expect([code, out]).toEqual([0, "twin@1\n"]);
  expect(tree.out.replaceAll(/ {2}20\S+/g, "").replaceAll(/\u001b\[\d+m/g, "")).toBe(
    "run-42\n└─ twin  from @1  <- here\n   └─ leaf\\u001b[31m  from @1\n",
  );
  expect(rows.out.split("\n").map((row) => row.split("\t").slice(0, 3))).toEqual([
    ["0", "run-42", ""],
    ["1", "twin", "@1"],
    ["2", "leaf\\u001b[31m", "@1"],
    [""],
  ]);
});

it("log draws the events of the family as a tree", async () => {
  const desk = fillFamily();
  await desk.run(["fork", "run-42@1", "twin"]);
  await desk.run(["set", "twin", "step", "7"]);
  await desk.run(["set", "run-42", "step", "9"]);
  await desk.run(["fork", "run-42", "other"]);

  const drawn = await desk.run(["log", "run-42", "--graph"], { terminal: true });
  const newest = await desk.run(["log", "twin", "--graph", "-n", "2"]);

  const plain = drawn.out.replaceAll(/\u001b\[\d+m/g, "").replaceAll(/20\S+Z/g, "…");
  expect(plain.split("\n").map((line) => line.trimEnd())).toEqual([
    "*  #1    @0    …  context_created    run-42",
    "*  #2    @1    …  value_set         step",
    "*  #3    @2    …  value_set         step",
    "├─╮",
    "│ *  #3    @1    …  context_forked     twin",
    "│ *  #4    @2    …  value_set         step",
    "* │  #4    @3    …  value_set         step",
    "├─┼─╮",
    "│ │ *  #5    @3    …  context_forked     other",
    "",
  ]);
  expect(newest.out.split("\n").map((line) => [line.split("\t")[0], line.split("\t").at(-1)])).toEqual([
    ["4", "run-42"],
    ["5", "other"],
    ["", ""],
  ]);
});

it("fork refuses a name that is taken and a point that is not there", async () => {
  const desk = fillFamily();

  expect((await desk.run(["fork", "run-42", "run-42"])).code).toBe(4);
  expect((await desk.run(["fork", "run-42@9", "twin"])).code).toBe(3);
  expect((await desk.run(["fork", "run-42", "twin@3"])).code).toBe(2);
});

it("delete keeps a context with forks, unless told to keep what they need", async () => {
  const desk = fillFamily();
  await desk.run(["fork", "run-42", "twin"]);

  const refused = await desk.run(["delete", "run-42", "--context", "--yes"]);
  const kept = await desk.run(["delete", "run-42", "--context", "--yes", "--keep-for-forks"]);

  expect(refused.code).toBe(4);
  expect(refused.err).toContain("--keep-for-forks");
  expect(kept.code).toBe(0);
  expect((await desk.run(["show", "twin@0"])).code).toBe(0);
  expect((await desk.run(["lineage", "twin"], { terminal: true })).out).toContain("(deleted)");
});

it("verify finds nothing in a sound store, and says so", async () => {
  const desk = fillFamily();

  const { code, out, err } = await desk.run(["verify"]);

  expect([code, out]).toEqual([0, ""]);
  expect(err).toBe("Checked 3 events of 1 context: all is as it was written.\n");
});

it("verify tells each fault, exits with 5, and mends derived tables only when asked to", async () => {
  const desk = fillFamily();
  breakProjection(desk);

  const found = await desk.run(["verify", "run-42"]);
  const mended = await desk.run(["verify", "--repair"]);

  expect(found.code).toBe(5);
  expect(found.out).toMatch(/^run-42\t\tprojection\tcurrent_keys: /);
  expect(mended.code).toBe(0);
  expect(mended.err).toContain("rebuilt");
  expect((await desk.run(["verify"])).code).toBe(0);
});

it("verify holds the store to a head that was printed before, signed or not", async () => {
  const desk = fillFamily();
  const key = `${desk.folder}/key`;
  const plain = await desk.run(["head", "run-42"]);
  writeFileSync(key, "secret\n");
  const signed = await desk.run(["head", "run-42", "--key-file", key]);
  writeFileSync(`${key}-2`, "another");

  expect(plain.out).toMatch(/^run-42#3:[0-9a-f]{64}\n$/);
  expect(signed.out).toMatch(/^run-42#3:hmac-sha256:[0-9a-f]{64}\n$/);
  expect((await desk.run(["verify", "--head", plain.out])).code).toBe(0);
  expect((await desk.run(["verify", "--head", signed.out, "--key-file", key])).code).toBe(0);
  expect((await desk.run(["verify", "--head", signed.out, "--key-file", `${key}-2`])).code).toBe(5);
  expect((await desk.run(["verify", "--head", signed.out])).code).toBe(2);
  expect((await desk.run(["verify", "--head", plain.out.replace("#3", "#2")])).code).toBe(5);
});

it("redact erases when told why, and asks before unless told not to", async () => {
  const desk = openDesk();
  fill(desk, (context) => {
    context.set("config", { key: "s3cret", url: "u" });
    context.set("step", 1);
  });

  expect((await desk.run(["redact", "run-42", "config.key"])).code).toBe(2);
  expect((await desk.run(["redact", "run-42", "config.key", "--reason", "leak"])).code).toBe(2);
  const { code, err } = await desk.run(["redact", "run-42", "config.key", "--reason", "leak", "--yes"]);

  expect([code, err]).toEqual([0, "Erased 1 value in 1 context.\n"]);
  expect((await desk.run(["get", "run-42", "config"])).out).toBe('{"url":"u"}\n');
  expect((await desk.run(["show", "run-42@1", "--json"])).out).toContain('"$type":"erased"');
  expect((await desk.run(["log", "run-42", "--json"])).out).not.toContain("s3cret");
  expect((await desk.run(["restore", "run-42@1"])).code).toBe(4);
  expect((await desk.run(["restore", "run-42@1", "--keep-erased"])).code).toBe(0);
  expect((await desk.run(["verify"])).code).toBe(0);
});

function breakProjection(desk: Desk): void {
  const database = new Database(desk.store);
  database.exec("UPDATE current_keys SET value = '9' WHERE key = 'step'");
  database.close();
}
