import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDesk } from "./command-line.js";

const sessions = join(import.meta.dirname, "../fixtures/python-sessions");
const lifecycle = join(sessions, "01-lifecycle/session.pkl");
const doubled = join(sessions, "04-scalar-keys/session.json");
const hostile = join(sessions, "refuse/01-calls-a-function/session.pkl");

describe("import-python", () => {
  it("imports files, and says what came over", async () => {
    const desk = openDesk();

    const { code, out, err } = await desk.run(["import-python", lifecycle, doubled]);
    const shown = await desk.run(["contexts"]);

    expect(code).toBe(0);
    expect(out.split("\n").map((line) => line.split("\t").slice(0, 8))).toEqual([
      ["swarm_01", "@15", "17", "0", "4", "9", "15", "2026-01-01T00:00:00.116Z"],
      ["scalar-keys-04", "@7", "7", "1", "4", "1", "8", "2026-01-01T03:00:00.051Z"],
      [""],
    ]);
    expect(err).toContain("8 keys stand there twice, such as /persistent/collide/1");
    expect(shown.out).toContain("swarm_01");
  });

  it("makes no store for a dry run, nor for files of which one is refused", async () => {
    const desk = openDesk();

    const rehearsed = await desk.run(["import-python", lifecycle, "--dry-run"]);
    const refused = await desk.run(["import-python", lifecycle, hostile]);
    const twice = await desk.run(["import-python", lifecycle, join(sessions, "01-lifecycle/session.p5.pkl")]);

    expect([rehearsed.code, refused.code, twice.code]).toEqual([0, 5, 4]);
    expect(rehearsed.out).toContain("swarm_01\t@15");
    expect(rehearsed.err).toBe("Nothing was imported: this was a dry run.\n");
    expect(refused.err).toContain("builtins.print");
    expect(existsSync(desk.store)).toBe(false);
  });

  it("imports a file once, and again under another id where it is told to", async () => {
    const desk = openDesk();
    await desk.run(["import-python", lifecycle]);

    const repeated = await desk.run(["import-python", lifecycle, "--as", "b", "--dry-run"]);
    const again = await desk.run(["import-python", lifecycle, "--as", "b", "--again"]);
    const unclear = await desk.run(["import-python", lifecycle, doubled, "--as", "c"]);

    expect([repeated.code, again.code, unclear.code]).toEqual([4, 0, 2]);
    expect(repeated.err).toContain('was imported before, as context "swarm_01"');
    expect(again.out).toMatch(/^b\t@15\t/);
  });

  it("keeps the shape of its document, and tells of it in its help", async () => {
    const desk = openDesk();

    const { out } = await desk.run(["import-python", doubled, "--json"]);
    const { out: help } = await desk.run(["import-python", "--help"]);

    const document = JSON.parse(out.replace(doubled, "<file>")) as { imports: object[] };
    const members = [...Object.keys(document), ...Object.keys(document.imports[0]!)];
    expect(members.filter((member) => !help.includes(`"${member}"`))).toEqual([]);
    await expect(`${JSON.stringify(document, undefined, 2)}\n`).toMatchFileSnapshot(
      join(import.meta.dirname, "../fixtures/cli/import-python.json"),
    );
  });
});
