import fc from "fast-check";
import { expect, it } from "vitest";
import { KeyMap } from "../../src/core/key-map.js";

const key = fc.integer({ min: 0, max: 40 }).map((place) => `key_${place}`);
const step = fc.record({ key, value: fc.option(fc.nat(), { nil: undefined }) });

it("holds what a Map holds after the same changes, in the same order", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const model = new Map<string, number>();
      let map = KeyMap.empty<number>();
      for (const { key, value } of steps) {
        map = value === undefined ? map.delete(key) : map.set(key, value);
        if (value === undefined) model.delete(key);
        else model.set(key, value);
      }

      expect([...map.entries()]).toEqual([...model]);
      expect(map.size).toBe(model.size);
      expect([...model.keys()].map((name) => map.get(name))).toEqual([...model.values()]);
    }),
  );
});

it("leaves the map that was changed as it was", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), step, (steps, last) => {
      let map = KeyMap.empty<number>();
      for (const { key, value } of steps) map = value === undefined ? map.delete(key) : map.set(key, value);
      const before = [...map.entries()];

      if (last.value === undefined) map.delete(last.key);
      else map.set(last.key, last.value);

      expect([...map.entries()]).toEqual(before);
    }),
  );
});
