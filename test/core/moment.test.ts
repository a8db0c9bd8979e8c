import fc from "fast-check";
import { expect, it } from "vitest";
import { Moment } from "../../src/core/moment.js";
import type { ReadEffect } from "../../src/core/read-effects.js";
import { initialState } from "../../src/core/state.js";

const scope = fc.constantFrom("persistent" as const, "ephemeral" as const);
const key = fc.constantFrom("a", "b", "c", "__proto__", "7");
const effects = fc.uniqueArray(
  fc.oneof(
    fc.record({ op: fc.constant("delete" as const), scope, key, held: fc.constant(undefined) }),
    fc.record({
      op: fc.constant("set" as const),
      scope,
      key,
      held: fc.nat(9).map((value) => ({ value, sharable: true })),
    }),
  ),
  { maxLength: 3, selector: (effect) => `${effect.scope} ${effect.key}` },
);
const history = fc.array(effects, { maxLength: 60, size: "max" });

type Keys = readonly (readonly [string, unknown])[];

/** The persistent keys after each event, in plain maps. */
function plainly(events: readonly (readonly ReadEffect[])[]): readonly Keys[] {
  const keys = new Map<string, unknown>();
  return [
    [],
    ...events.map((event) => {
      for (const { scope, key, held } of event) {
        if (scope !== "persistent") continue;
        if (held === undefined) keys.delete(key);
        else keys.set(key, held.value);
      }
      return [...keys];
    }),
  ];
}

function keysOf(moment: Moment): Keys {
  return [...moment.keys("persistent")].map(([key, { value }]) => [key, value]);
}

/** Every moment of a history, some of which are looked at while they are the newest. */
function momentsOf(
  events: readonly (readonly ReadEffect[])[],
  looks: ReadonlySet<number>,
): readonly Moment[] {
  const moments = [Moment.of(initialState)];
  for (const [index, event] of events.entries()) {
    moments.push(moments.at(-1)!.after(index + 1, event));
    if (looks.has(index)) keysOf(moments.at(-1)!);
  }
  return moments;
}

it("a moment stays what it is, however many come after it, and in whichever order they are looked at", () => {
  fc.assert(
    fc.property(history, fc.uniqueArray(fc.nat(59)), fc.infiniteStream(fc.nat()), (events, looks, order) => {
      const expected = plainly(events);
      const moments = momentsOf(events, new Set(looks));
      const asked = [...moments.keys()].sort(() => (order.next().value % 3) - 1);

      for (const at of asked) expect([at, keysOf(moments[at]!)]).toEqual([at, expected[at]]);
    }),
  );
});

it("moments share maps for long, and are right across the places where they are copied", () => {
  const events = Array.from({ length: 2_500 }, (_, n): ReadEffect[] => [
    { op: "set", scope: "persistent", key: `key ${n % 700}`, held: { value: n, sharable: true } },
  ]);
  const expected = plainly(events);

  const moments = momentsOf(events, new Set());

  for (const at of [0, 1, 499, 500, 501, 502, 1_000, 1_201, 1_900, 2_500])
    expect(keysOf(moments[at]!)).toEqual(expected[at]);
});

it("two futures of one moment do not meet", () => {
  const set = (value: number): ReadEffect[] => [
    { op: "set", scope: "persistent", key: "a", held: { value, sharable: true } },
  ];
  const start = Moment.of(initialState).after(1, set(1));

  const [one, other] = [start.after(2, set(2)), start.after(2, set(3))];
  const later = one.after(3, set(4));

  expect([start, one, other, later].map(keysOf)).toEqual([1, 2, 3, 4].map((value) => [["a", value]]));
});

it("what an event did is told with the moment after it", () => {
  const set: ReadEffect = { op: "set", scope: "persistent", key: "a", held: { value: 1, sharable: true } };
  const gone: ReadEffect = { op: "delete", scope: "persistent", key: "a", held: undefined };

  const first = Moment.of(initialState).after(1, [set]);
  const second = first.after(2, [gone]);

  expect(first.steps).toMatchObject([{ key: "a", before: undefined, after: { value: 1 } }]);
  expect(second.steps).toMatchObject([{ key: "a", before: { value: 1 }, after: undefined }]);
});
