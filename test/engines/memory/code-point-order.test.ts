import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { compareCodePoints } from "../../../src/engines/memory/code-point-order.js";

const pieces = ["*", "a", "b", "é", "z", "😀", "\uffee"];
const textArbitrary = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(""));

describe("the order of names", () => {
  it("is that of SQLite", () => {
    const isLess = database().prepare<[string, string], number>("SELECT ? < ?").pluck();
    const wellFormed = fc.string({ unit: "binary", maxLength: 6 });

    fc.assert(
      fc.property(fc.oneof(textArbitrary, wellFormed), fc.oneof(textArbitrary, wellFormed), (a, b) => {
        expect(compareCodePoints(a, b) < 0).toBe(isLess.get(a, b) === 1);
      }),
      { numRuns: 5_000 },
    );
  });
});

function database(): Database.Database {
  const opened = new Database(":memory:");
  onTestFinished(() => void opened.close());
  return opened;
}
