import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatPoint,
  formatReference,
  parsePoint,
  parseReference,
  type Point,
} from "../../src/core/address.js";
import { isContextError } from "../../src/core/errors.js";

const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const point: fc.Arbitrary<Point> = fc.oneof(
  fc.record({ kind: fc.constant("version" as const), version: count }),
  fc.record({ kind: fc.constant("sequence" as const), sequence: count }),
  fc.record({ kind: fc.constant("latest" as const) }),
  fc.record({ kind: fc.constant("back" as const), versions: count }),
  fc.record({
    kind: fc.constant("snapshot" as const),
    snapshot: fc.oneof(
      fc.string({ minLength: 1, unit: "grapheme" }),
      fc.constantFrom("@", "#3", "@17", "a\nb", '"', "snapshot:x"),
    ),
  }),
  fc.record({
    kind: fc.constant("time" as const),
    time: fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 }),
  }),
);
const id = fc.oneof(
  fc.string({ minLength: 1, unit: "grapheme" }),
  fc.constantFrom(
    "run@7",
    "run#7",
    '"quoted"',
    '"',
    "@",
    "#",
    "a b",
    "a\nb",
    "back\\slash",
    "@latest",
    "é\u2028",
  ),
);

describe("an address", () => {
  it("reads back as the point that it was written from", () => {
    fc.assert(
      fc.property(point, (given) => {
        expect(parsePoint(formatPoint(given))).toEqual(given);
      }),
    );
  });

  it("reads back as the context and point that it was written from, whatever the id", () => {
    fc.assert(
      fc.property(id, fc.option(point, { nil: undefined }), (context, given) => {
        expect(parseReference(formatReference(context, given))).toEqual({ context, point: given });
      }),
    );
  });

  it.each<[string, Point]>([
    ["@17", { kind: "version", version: 17 }],
    ["@0", { kind: "version", version: 0 }],
    ["#17", { kind: "sequence", sequence: 17 }],
    ["@latest", { kind: "latest" }],
    ["@~3", { kind: "back", versions: 3 }],
    ["@snapshot:before research", { kind: "snapshot", snapshot: "before research" }],
    ["@snapshot:a@b#c", { kind: "snapshot", snapshot: "a@b#c" }],
    ["@2026-11-23", { kind: "time", time: Date.UTC(2026, 10, 23) }],
    ["@2026-11-23T10:00Z", { kind: "time", time: Date.UTC(2026, 10, 23, 10) }],
    ["@2026-11-23T10:00:00.25+02:00", { kind: "time", time: Date.UTC(2026, 10, 23, 8, 0, 0, 250) }],
    ["@2024-02-29T00:00:00Z", { kind: "time", time: Date.UTC(2024, 1, 29) }],
  ])("reads %s", (text, expected) => {
    expect(parsePoint(text)).toEqual(expected);
  });

  it.each([
    ["run-42", { context: "run-42", point: undefined }],
    ["run-42@17", { context: "run-42", point: { kind: "version", version: 17 } }],
    ['"run@7"#3', { context: "run@7", point: { kind: "sequence", sequence: 3 } }],
    ['"a\\"b"', { context: 'a"b', point: undefined }],
    ["@latest", { context: undefined, point: { kind: "latest" } }],
    ["", { context: undefined, point: undefined }],
  ])("may name a context: %s", (text, expected) => {
    expect(parseReference(text)).toEqual(expected);
  });

  it.each([
    "17",
    "@",
    "#",
    "@-1",
    "@1.5",
    "@1e3",
    "@~",
    "@~x",
    "#x",
    "@Latest",
    "@snapshot:",
    "@99999999999999999999",
    "@2026-02-30",
    "@2026-02-30T10:00:00Z",
    "@2026-04-31T00:00:00+05:00",
    "@2026-13-01",
    "@2025-02-29",
    "@2026-11-23T25:00Z",
    "@2026-11-23T10:61Z",
    "@2026-11-23T10:00",
    "@2026-11",
    "@26-11-23",
    "@ 17",
    "@17 ",
  ])("refuses %s", (text) => {
    expect(codeOf(() => parsePoint(text))).toBe("ADDRESS_INVALID");
    expect(codeOf(() => parseReference(`run${text.startsWith("1") ? `@x${text}` : text}`))).toBe(
      "ADDRESS_INVALID",
    );
  });

  it.each(['"run', '"run\\', '"run"x', '"\\x"@1'])("refuses the reference %s", (text) => {
    expect(codeOf(() => parseReference(text))).toBe("ADDRESS_INVALID");
  });

  it("names the whole address in a refusal", () => {
    expect(() => parseReference("run@2026-02-30")).toThrow('Address "run@2026-02-30" cannot be read');
  });
});

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isContextError(error)) return error.code;
    throw error;
  }
  return "nothing was refused";
}
