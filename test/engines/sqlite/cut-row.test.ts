import { describe, expect, it } from "vitest";
import { parsePayload } from "../../../src/core/payload.js";
import { payloadOf, type PayloadTuple } from "../../../src/engines/sqlite/payload-tuple.js";
import { RowGuard } from "../../../src/engines/sqlite/row-guard.js";

// A file that was cut short is read as if zeros followed, and a row of zeros has NULL in every column.
const cutRow = [2, 1, 0, null, null] as unknown as PayloadTuple;

describe("an event whose content was cut off", () => {
  it("is damage, and no row of a release that had no checksums", () => {
    const guard = new RowGuard("runs.db", { isLenient: false });

    expect(() => payloadOf(cutRow, 1, guard)).toThrow(expect.objectContaining({ code: "STORE_CORRUPT" }));
  });

  it("cannot be read by whoever looks for damage, either", () => {
    const { payload } = payloadOf(cutRow, 1, new RowGuard("runs.db", { isLenient: true }));

    expect(() => parsePayload(payload, { context: "run", sequence: 2 })).toThrow(
      expect.objectContaining({ code: "EVENT_UNREADABLE" }),
    );
  });
});
