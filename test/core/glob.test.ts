import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { compileGlob } from "../../src/core/glob.js";

const pieces = ["*", "?", "[", "]", "^", "-", "a", "b", "c", "z", "é", "😀", "\uffee"];
const textArbitrary = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(""));

describe("a name pattern", () => {
  it("matches what SQLite's GLOB matches", () => {
    const glob = database().prepare<[string, string], number>("SELECT ? GLOB ?").pluck();

    fc.assert(
      fc.property(textArbitrary, textArbitrary, (text, pattern) => {
        expect(compileGlob(pattern)(text)).toBe(glob.get(text, pattern) === 1);
      }),
      { numRuns: 20_000 },
    );
  });

  it("is matched in reasonable time, however many stars it has", () => {
    expect(compileGlob("*a".repeat(200) + "b")("a".repeat(2_000))).toBe(false);
  });
});

function database(): Database.Database {
  const opened = new Database(":memory:");
  onTestFinished(() => void opened.close());
  return opened;
}
