import { inspect } from "node:util";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isContextError } from "../../../src/core/errors.js";
import { createCodec, type Held } from "../../../src/core/value/codec.js";
import { LazyCopy } from "../../../src/core/value/lazy-copy.js";
import { anyDraftMove, runMoves } from "../../support/draft-moves.js";
import { anyKey, anyValue, plainJson } from "../../support/values.js";

const codec = createCodec();

it("a copy that is made where it is read becomes what a deep copy becomes", () => {
  const moves = fc.array(anyDraftMove(plainJson()), { maxLength: 16 });
  fc.assert(
    fc.property(fc.dictionary(anyKey(), anyValue(), { maxKeys: 4 }), moves, (values, done) => {
      const held = take(values);
      const lazy = new LazyCopy(held);
      const plain = Object.fromEntries([...held].map(([key, one]) => [key, codec.thaw(one)]));

      runMoves([lazy.copy], done);
      runMoves([plain], done);

      const unread = Object.keys(lazy.copy).filter((key) => lazy.isUnread(key));
      expect(unread.map((key) => tell(Reflect.get(plain, key)))).toEqual(
        unread.map((key) => tell(held.get(key)?.value)),
      );
      expect(tell(lazy.copy)).toBe(tell(plain));
    }),
  );
});

it("a copy that is made where it is read passes for a plain object of plain values", () => {
  const values = { plan: { steps: [1] }, at: new Date(0), n: 1, gone: [1] };
  const lazy = new LazyCopy(take(values));
  const copy = lazy.copy as Partial<typeof values> & { more?: number };

  copy.more = 2;
  delete copy.gone;

  const expected = { plan: { steps: [1] }, at: new Date(0), n: 1, more: 2 };
  expect(Object.keys(copy)).toEqual(["plan", "at", "n", "more"]);
  expect("plan" in copy && "gone" in copy).toBe(false);
  expect(inspect(copy)).toBe(inspect(expected));
  expect(lazy.isUnread("plan")).toBe(true);
  expect(structuredClone(copy)).toEqual(expected);
  expect(JSON.stringify(copy)).toBe(JSON.stringify(expected));
  expect({ ...copy }).toEqual(expected);
  expect(copy).toEqual(expected);
  expect(copy.plan).toBe(copy.plan);
  expect(lazy.isUnread("plan")).toBe(false);
});

it("a copy that is made where it is read can be frozen, and keeps what it gave", () => {
  const lazy = new LazyCopy(take({ plan: { steps: [1] } }));
  const copy = Object.freeze(lazy.copy) as { plan: { steps: number[] } };

  copy.plan.steps.push(2);

  expect(copy.plan).toEqual({ steps: [1, 2] });
  expect(() => (copy.plan = { steps: [] })).toThrow(TypeError);
  expect(lazy.isUnread("plan")).toBe(false);
});

it("a copy that is made where it is read does not come back over what was put in its place", () => {
  const lazy = new LazyCopy(take({ plan: { steps: [1] } }));
  const copy = lazy.copy as { plan: unknown; other?: unknown };
  const kept = Object.getOwnPropertyDescriptors(copy);
  const other = Object.defineProperties({}, kept) as { plan: { steps: number[] } };
  copy.plan = "new";

  other.plan.steps.push(2);

  expect(copy.plan).toBe("new");
  expect(other.plan).toEqual({ steps: [1, 2] });
});

function take(values: Readonly<Record<string, unknown>>): Map<string, Held> {
  return new Map(Object.entries(values).map(([key, value]) => [key, codec.take(value, key)]));
}

/** The text of a value that can be stored, or why it cannot be. */
function tell(value: unknown): string {
  try {
    return codec.take(value, "v").text;
  } catch (error) {
    if (!isContextError(error)) throw error;
    return error.message;
  }
}
