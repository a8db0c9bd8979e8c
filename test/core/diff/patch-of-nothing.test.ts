import { expect, it } from "vitest";
import { applyJsonPatch } from "../../../src/core/diff/apply-json-patch.js";
import { refusalOf } from "../../support/refusal.js";

it("refuses a long patch of nothing at its first operation", async () => {
  const patch = new Array<never>(2 ** 32 - 1);

  expect(await refusalOf(() => applyJsonPatch(patch, {}))).toMatchObject({
    code: "PATCH_INVALID",
    details: { operation: 0 },
  });
});
