import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Money, moneyClass } from "../support/money.js";
import { type Desk, fill, openDesk } from "./command-line.js";

describe("salvage", () => {
  it("tells on a terminal how far each context was recovered, and what is missing", async () => {
    const desk = openDesk();
    const { into } = breakStore(desk);

    const { code, out, err } = await desk.run(["salvage", desk.store, into], {
      terminal: true,
      columns: 120,
      env: { NO_COLOR: "1" },
    });

    expect(code).toBe(5);
    expect(out.split("\n").map((line) => line.trimEnd().split(/ {2,}/))).toEqual([
      ["CONTEXT", "RECOVERED", "MISSING", "WHY"],
      ["run-42", "#2 of #4", "#3", "its hash does not fit its content"],
      ["run-42", "#2 of #4", "#4", "it follows from the event before it, but what lies before that is lost"],
      [""],
    ]);
    expect(err.split("\n")).toEqual([
      "The anchor names a newer event, at position 4, that was not recovered.",
      `2 events without a place: ${JSON.stringify(`${into}.unplaced.jsonl`)}.`,
      `Salvaged 3 events into ${JSON.stringify(into)}.`,
      "durable-context: Not everything could be recovered.",
      "hint: What is there verifies. A backup or an export may have what is missing.",
      "",
    ]);
  });

  it("keeps the shape of its document, and tells of each member in its help", async () => {
    const desk = openDesk();
    const { into } = breakStore(desk);

    const { code, out } = await desk.run(["salvage", desk.store, into, "--json"]);

    expect(code).toBe(5);
    await expect(out.replaceAll(desk.folder, "<folder>")).toMatchFileSnapshot(
      join(import.meta.dirname, "../fixtures/cli/salvage.json"),
    );
    const { out: help } = await desk.run(["salvage", "--help"]);
    const members = Object.keys(JSON.parse(out) as object);
    expect(members.filter((member) => !help.includes(`"${member}"`))).toEqual([]);
  });

  it("ends well where everything was recovered, with classes that only the program knows", async () => {
    const desk = openDesk();
    const into = join(desk.folder, "salvaged.db");
    fill(desk, (context) => context.set("price", new Money(5)), { options: { classes: [moneyClass] } });

    const { code, out } = await desk.run(["salvage", desk.store, into]);

    expect({ code, out }).toEqual({ code: 0, out: "run-42\t#2 of #2\t\t\n" });
    expect((await desk.run(["contexts", "--store", into])).out).toContain("run-42");
  });

  it("ends as a conflict where there is a file already, and makes nothing", async () => {
    const desk = openDesk();
    const { into } = breakStore(desk);
    writeFileSync(into, "mine");

    const { code, err } = await desk.run(["salvage", desk.store, into]);

    expect(code).toBe(4);
    expect(err).toContain("a salvage replaces nothing");
    expect(readFileSync(into, "utf8")).toBe("mine");
    expect(existsSync(`${into}.unplaced.jsonl`)).toBe(false);
  });
});

/** Fills the store and damages its third event. */
function breakStore(desk: Desk): { readonly into: string } {
  fill(desk, (context) => {
    context.set("goal", "ship");
    context.set("step", "the damaged one");
    context.set("step", 2);
  });
  const bytes = readFileSync(desk.store);
  for (let at = bytes.indexOf("the damaged"); at >= 0; at = bytes.indexOf("the damaged", at + 1))
    bytes[at]! ^= 1;
  writeFileSync(desk.store, bytes);
  return { into: join(desk.folder, "salvaged.db") };
}
