import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readLines } from "../../src/store/export-file.js";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

it("reads a long line in time that grows with its length, not with its square", () => {
  const file = join(temporaryFolder(), "long");
  const secondsFor = (mebibytes: number) => {
    writeFileSync(file, `${"x".repeat(mebibytes << 20)}\n`);
    const began = performance.now();
    expect([...readLines(file)].map(({ length }) => length)).toEqual([mebibytes << 20]);
    return (performance.now() - began) / 1000;
  };

  secondsFor(8);

  // Searching all of a line again for each chunk takes more than ten seconds.
  expect(secondsFor(64)).toBeLessThan(4);
});

it("reads the lines that a file has, wherever chunks end", () => {
  const file = join(temporaryFolder(), "lines");
  for (const lines of [["a", "", "é".repeat(50_000), "b"], ["x".repeat((1 << 16) - 1), "y"], [""], []]) {
    writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
    expect([...readLines(file)]).toEqual(lines);
    if (lines.at(-1) === undefined || lines.at(-1) === "") continue;
    writeFileSync(file, lines.join("\n"));
    expect([...readLines(file)]).toEqual(lines);
  }
});

eachEngine("loading what is no whole export", ({ open }) => {
  it("refuses a file cut short anywhere with a code, leaves nothing, and closes the file", async () => {
    const [file, from, to] = [join(temporaryFolder(), "run.jsonl"), open(), open()];
    for (const id of ["a", "b"]) await (await from.context(id)).update({ word: "é", one: 1 });
    await from.save(file);
    const whole = readFileSync(file);
    const lengths = Array.from({ length: whole.length - 1 }, (_, length) => length);
    const isAtLine = (length: number) => whole[length - 1] === 10;
    const cuts = lengths.filter((length) => isAtLine(length) || length % 37 === 0);
    for (const length of cuts.reverse()) {
      truncateSync(file, length);
      expect([length, (await refusalOf(() => to.load(file))).code]).toEqual([length, "EXPORT_INVALID"]);
    }

    expect(await to.contexts()).toEqual([]);
    expect(openFiles()).not.toContain(file);
    writeFileSync(file, whole);
    expect(await to.load(file)).toEqual(["a", "b"]);
  });

  it("leaves nothing of three contexts when the last is bad", async () => {
    const [file, from, to] = [join(temporaryFolder(), "run.jsonl"), open(), open()];
    for (const id of ["a", "b", "c"]) await (await from.context(id)).set("key", id);
    await from.save(file);
    writeFileSync(file, readFileSync(file, "utf8").replace('"value":"c","salt"', '"value":"x","salt"'));

    expect((await refusalOf(() => to.load(file))).code).toBe("EXPORT_INVALID");

    expect([await to.contexts(), openFiles().includes(file)]).toEqual([[], false]);
    expect((await to.stats()).contexts).toBe(0);
    expect(await (await to.context("a")).history()).toHaveLength(1);
  });

  it("refuses a pipe that nobody writes into, and a device that has no end", async () => {
    const pipe = join(temporaryFolder(), "pipe");
    execFileSync("mkfifo", [pipe]);

    for (const file of [pipe, "/dev/zero"]) {
      expect(await refusalOf(() => open().load(file))).toMatchObject({
        code: "EXPORT_INVALID",
        details: { why: "it is a pipe or a device; save to a file, and load that" },
      });
    }
  });

  it("does not put a saved file in the place of a pipe, nor would it of a device", async () => {
    const pipe = join(temporaryFolder(), "pipe");
    execFileSync("mkfifo", [pipe]);
    const store = open();
    await store.context("run");

    expect((await refusalOf(() => store.save(pipe))).code).toBe("EXPORT_UNWRITABLE");
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });

  it("refuses a folder", async () => {
    const folder = join(temporaryFolder(), "folder");
    mkdirSync(folder);

    expect((await refusalOf(() => open().load(folder))).code).toBe("EXPORT_NOT_FOUND");
    expect(openFiles()).not.toContain(folder);
  });
});

/** The files that this process has open, where the system tells. */
function openFiles(): string[] {
  try {
    return readdirSync("/proc/self/fd").flatMap((descriptor) => {
      try {
        return [readlinkSync(join("/proc/self/fd", descriptor))];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}
