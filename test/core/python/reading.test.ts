import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { refusalOf } from "../../support/refusal.js";
import { outcomeOf, valueOf } from "./read-values.js";

const sessions = join(import.meta.dirname, "../../fixtures/python-sessions");

describe("a JSON file", () => {
  it.each<[string, unknown]>([
    ["[NaN, Infinity, -Infinity, -0, -0.0, 1e400]", [NaN, Infinity, -Infinity, 0, -0, Infinity]],
    [
      "[9007199254740991, 9007199254740992, -123456789012345678901]",
      [9007199254740991, 9007199254740992n, -123456789012345678901n],
    ],
    ['"\\ud83d\\ude00 \\ud83d \\u0000\\/"', "😀 \ud83d \0/"],
    ['{"a": 1, "b": 2, "a": 3}', { a: 3, b: 2 }],
    ['{"__proto__": {"x": 1}}', JSON.parse('{"__proto__":{"x":1}}')],
    ["9".repeat(5_000), BigInt("9".repeat(5_000))],
  ])("gives %s", (json, expected) => {
    expect(valueOf(sessionJson(json))).toEqual(expected);
  });

  it.each([
    ["a number that begins with 0", "01", "a number"],
    ["a fraction without digits", "1.", "a number"],
    ["a sign alone", "+1", "a number"],
    ["a word that is none", "nul", '"null"'],
    ["a comma too many", "[1,]", "a value"],
    ["a key that is no text", "{a: 1}", "a key"],
    ["a control character", '"\n"', "control"],
    ["an escape that is none", '"\\x41"', "backslash"],
    ["more digits than are read", "1".repeat(200_000), "digits"],
    ["lists in lists in lists …", "[".repeat(100_000), "too deeply"],
  ])("is refused with %s", async (_, json, why) => {
    const refusal = await refusalOf(() => valueOf(sessionJson(json)));

    expect([refusal.code, refusal.message]).toEqual(["PYTHON_INVALID", expect.stringContaining(why)]);
  });

  it.each([
    ["is empty", ""],
    ["begins with a byte order mark", `\ufeff${String(Buffer.from(sessionJson("1")))}`],
    ["holds another thing", "[]"],
    ["lacks a part", String(Buffer.from(sessionJson("1"))).replace('"ephemeral": {},', "")],
    ["has a part too many", String(Buffer.from(sessionJson("1"))).replace("{", '{"more": 1,')],
    ["goes on after its end", `${String(Buffer.from(sessionJson("1")))}{}`],
  ])("is refused where it %s", async (_, json) => {
    const refusal = await refusalOf(() => valueOf(Buffer.from(json)));

    expect(refusal.code).toBe("PYTHON_INVALID");
  });
});

describe("a damaged file", () => {
  const files = readdirSync(sessions, { recursive: true, encoding: "utf8" })
    .filter((file) => /session(\.p5)?\.(pkl|json)$/.test(file))
    .map((file) => readFileSync(join(sessions, file)))
    .filter(({ length }) => length < 9_000);

  it("is refused, wherever it was cut off", () => {
    for (const file of files) {
      for (let end = 0; end < file.length; end += 41) {
        expect(outcomeOf([file.subarray(0, end)])).not.toBe("read");
      }
    }
  });

  it("is read or refused, whatever became of its bytes, and in whatever pieces it comes", () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255) });
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 64 }),
        (file, changes, size) => {
          const damaged = Uint8Array.from(file);
          for (const { at, byte: changed } of changes) damaged[at % damaged.length] = changed;

          expect(outcomeOf(piecesOf(damaged, size))).toBe(outcomeOf([damaged]));
        },
      ),
      { numRuns: 400 },
    );
  });
});

/** In one piece of memory, as the pieces of a file come. */
function* piecesOf(file: Uint8Array, size: number): Generator<Uint8Array> {
  const piece = new Uint8Array(size);
  for (let begin = 0; begin < file.length; begin += size) {
    const part = file.subarray(begin, begin + size);
    piece.set(part);
    yield piece.subarray(0, part.length);
  }
}

function sessionJson(value: string): Uint8Array {
  return Buffer.from(`{
    "session_id": "s", "version": 1, "created_at": 1, "updated_at": 2.5,
    "persistent": {"v": ${value}}, "ephemeral": {}, "protected_keys": [], "snapshots": [], "change_log": []
  }`);
}
