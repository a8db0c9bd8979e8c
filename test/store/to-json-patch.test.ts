import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyJsonPatch } from "../../src/core/diff/apply-json-patch.js";
import { diffValues } from "../../src/core/diff/diff-values.js";
import type { JsonPatchOperation } from "../../src/core/diff/json-patch.js";
import { toJsonPatch } from "../../src/store/to-json-patch.js";
import { equalValues } from "../../src/core/value/equal.js";
import { anyPair } from "../support/mutations.js";
import { plainJson } from "../support/values.js";

describe("a difference as a JSON Patch", () => {
  it("makes the later value from the earlier one, here and with anyone else's interpreter", () => {
    fc.assert(
      fc.property(anyPair(plainJson()), ([before, after]) => {
        const written = JSON.stringify(toJsonPatch(diffValues(before, after)));
        const patch = JSON.parse(written) as JsonPatchOperation[];

        expect(equalValues(applyJsonPatch(patch, before), after)).toBe(true);
        expect(equalValues(interpret(patch, before), after)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("counts places as the operations before leave them", () => {
    const before = [{ id: 1 }, { id: 2, list: [1, 2, 3] }, { id: 3 }];
    const after = [{ id: 2, list: [3, 4] }, { id: 4 }];

    expect(toJsonPatch(diffValues(before, after))).toEqual([
      { op: "remove", path: "/0" },
      { op: "remove", path: "/0/list/0" },
      { op: "remove", path: "/0/list/0" },
      { op: "add", path: "/0/list/1", value: 4 },
      { op: "remove", path: "/1" },
      { op: "add", path: "/1", value: { id: 4 } },
    ]);
  });

  it("gives plain JSON as it is, even where it has the store's own tag", () => {
    const after = { schema: { $type: "date" }, "a/b~": 1 };

    const patch = toJsonPatch(diffValues({}, after));

    expect(patch).toEqual([
      { op: "add", path: "/schema", value: { $type: "date" } },
      { op: "add", path: "/a~1b~0", value: 1 },
    ]);
    expect(applyJsonPatch(patch, {})).toEqual(after);
  });

  it("gives what JSON lacks in the store's encoding", () => {
    const after = { when: new Date(0), nothing: undefined, list: [1n, -0] };

    expect(toJsonPatch(diffValues({ list: 1 }, after))).toEqual([
      {
        op: "replace",
        path: "/list",
        value: [
          { $type: "bigint", value: "1" },
          { $type: "number", value: "-0" },
        ],
      },
      { op: "add", path: "/when", value: { $type: "date", value: "1970-01-01T00:00:00.000Z" } },
      { op: "add", path: "/nothing", value: { $type: "undefined" } },
    ]);
  });

  it("gives instances of classes that the codec knows, and refuses others", () => {
    class Point {
      readonly x: number;
      constructor(x: number) {
        this.x = x;
      }
    }
    const point = {
      name: "Point",
      is: (value: unknown) => value instanceof Point,
      encode: (value: unknown) => (value as Point).x,
      decode: (x: unknown) => new Point(x as number),
    };
    const difference = diffValues({}, { at: new Point(3) });

    expect(toJsonPatch(difference, { classes: [point] })).toEqual([
      { op: "add", path: "/at", value: { $type: "class", name: "Point", value: 3 } },
    ]);
    expect(() => toJsonPatch(difference)).toThrow(expect.objectContaining({ code: "VALUE_UNSUPPORTED" }));
  });
});

/** As small as an interpreter of add, remove and replace can be; it changes a copy in place. */
function interpret(patch: readonly JsonPatchOperation[], before: unknown): unknown {
  const box = { root: JSON.parse(JSON.stringify(before)) as unknown };
  for (const operation of patch) {
    if (operation.op !== "add" && operation.op !== "remove" && operation.op !== "replace") throw new Error();
    const value = operation.op === "remove" ? undefined : operation.value;
    const steps = operation.path.split("/").map((step) => step.replace(/~1/g, "/").replace(/~0/g, "~"));
    if (steps.length === 1) box.root = value;
    else change(box.root, steps.slice(1), operation.op, value);
  }
  return box.root;
}

function change(root: unknown, steps: readonly string[], op: string, value: unknown): void {
  const parent = steps
    .slice(0, -1)
    .reduce((part, step) => (part as Record<string, unknown>)[step], root) as object;
  const last = steps.at(-1)!;
  if (Array.isArray(parent)) {
    parent.splice(Number(last), op === "add" ? 0 : 1, ...(op === "remove" ? [] : [value]));
  } else if (op === "remove") Reflect.deleteProperty(parent, last);
  else Object.defineProperty(parent, last, { value, enumerable: true, writable: true, configurable: true });
}
