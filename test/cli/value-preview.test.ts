import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { previewValue } from "../../src/cli/value-preview.js";
import { encodeValue } from "../../src/index.js";
import { Money } from "../support/money.js";
import { anyValue } from "../support/values.js";

describe("previewValue", () => {
  it("writes a short value as the store does", () => {
    fc.assert(
      fc.property(anyValue(), (value) => {
        expect(previewValue(value, { longest: Infinity })).toBe(encodeValue(value));
      }),
    );
  });

  it("writes the beginning of a longer one, and an ellipsis", () => {
    expect(previewValue({ plan: ["write", "test"] }, { longest: 12 })).toBe('{"plan":["w…');
    expect(previewValue("🙂🙂🙂", { longest: 3 })).toBe('"…');
  });

  it("never writes more than it may", () => {
    fc.assert(
      fc.property(anyValue(), fc.integer({ min: 1, max: 40 }), (value, longest) => {
        expect(previewValue(value, { longest }).length).toBeLessThanOrEqual(longest);
      }),
    );
  });

  it("does not look at what is not shown", () => {
    const reads: string[] = [];
    const watched = new Proxy(new Array(26).fill("x"), {
      get: (target, key, receiver): unknown => {
        reads.push(String(key));
        return Reflect.get(target, key, receiver);
      },
    });

    previewValue(watched, { longest: 20 });

    expect(reads).not.toContain("10");
  });

  it("has other values written by who knows them", () => {
    const written = previewValue([new Money(1)], { longest: 99, textOf: () => '{"$type":"class"}' });

    expect(written).toBe('[{"$type":"class"}]');
  });
});
