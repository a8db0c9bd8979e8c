import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { put, setUp } from "../adapters/langgraph/saver-files.js";
import { type Desk, openDesk } from "./command-line.js";

describe("import-langgraph", () => {
  it("keeps the shape of its document, and tells of each member in its help", async () => {
    const { desk, file } = await deskWithThreads();
    const command = ["import-langgraph", file, desk.store, "--skip-unreadable", "--json"];

    const { code, out } = await desk.run(command);

    expect(code).toBe(0);
    await expect(out.replace(file, "<file>")).toMatchFileSnapshot(
      join(import.meta.dirname, "../fixtures/cli/import-langgraph.json"),
    );
    const { out: help } = await desk.run(["import-langgraph", "--help"]);
    const members = Object.keys(JSON.parse(out) as object);
    expect(members.filter((member) => !help.includes(`"${member}"`))).toEqual([]);
  });

  it("tells on a terminal what came, and what was left out", async () => {
    const { desk, file } = await deskWithThreads();
    const world = { terminal: true, columns: 100, env: { NO_COLOR: "1" } };

    const { out, err } = await desk.run(["import-langgraph", file, desk.store, "--skip-unreadable"], world);

    expect(out.split("\n").map((line) => line.trimEnd())).toEqual([
      "THREAD  CHECKPOINTS  WRITES",
      "broken  0            0",
      "whole   2            1",
      "",
    ]);
    expect(err.split("\n")).toEqual([
      'Left out checkpoint "3" of thread "broken": it is no JSON.',
      "Imported 2 checkpoints and 1 write, each compared.",
      "",
    ]);
    expect((await desk.run(["contexts"])).out).toContain("langgraph/whole");
  });

  it("ends as damage where it may leave nothing out, and makes no store on a dry run", async () => {
    const { desk, file } = await deskWithThreads();

    const refused = await desk.run(["import-langgraph", file, desk.store, "--dry-run"]);
    const rehearsed = await desk.run([
      "import-langgraph",
      file,
      desk.store,
      "--dry-run",
      "--skip-unreadable",
    ]);

    expect(refused.code).toBe(5);
    expect(refused.err).toContain('checkpoint "3" of thread "broken": it is no JSON. Nothing was imported.');
    expect(rehearsed.err).toContain("this was a dry run of 2 checkpoints and 1 write.");
    expect(existsSync(desk.store)).toBe(false);
  });

  it("ends as a conflict the second time", async () => {
    const { desk, file } = await deskWithThreads();
    const command = ["import-langgraph", file, desk.store, "--skip-unreadable"];
    await desk.run(command);

    const { code, err } = await desk.run([...command, "--dry-run"]);

    expect(code).toBe(4);
    expect(err).toContain('Thread "whole" is in the store already');
  });
});

async function deskWithThreads(): Promise<{ readonly desk: Desk; readonly file: string }> {
  const { file, peer } = setUp();
  const first = await put(peer, { thread: "whole", id: "1", values: { a: 1 } });
  await put(peer, { thread: "whole", id: "2", values: { a: 2 }, parent: first });
  await peer.putWrites(first, [["a", 2]], "task");
  await put(peer, { thread: "broken", id: "3", values: {} });
  peer.db.exec("UPDATE checkpoints SET checkpoint = '{' WHERE thread_id = 'broken'");
  return { desk: openDesk(), file };
}
