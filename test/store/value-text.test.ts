import { describe, expect, it } from "vitest";
import { decodeValue } from "../../src/index.js";
import { refusalOf } from "../support/refusal.js";

describe("a value's text", () => {
  it.each(["", " ", "{", '{"$type":"nobody"}', "[".repeat(100_000)])(
    "is refused with a code where none was written: %j",
    async (text) => {
      expect((await refusalOf(() => decodeValue(text))).code).toBe("VALUE_UNREADABLE");
    },
  );

  it("is refused where it is no text", async () => {
    // A caller without types may pass anything.
    expect((await refusalOf(() => decodeValue(new ArrayBuffer(8) as never))).code).toBe("VALUE_UNREADABLE");
  });
});
