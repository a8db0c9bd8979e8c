import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultSnapshotRule, type SnapshotRule, trimmedBy } from "../../src/core/retention.js";
import type { Snapshot } from "../../src/core/snapshot.js";

type Taken = Pick<Snapshot, "isPinned" | "bytes"> & { readonly msAfter: number };

const bound = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(Infinity));
const rules = fc.record({ keep: bound, maxAgeMs: bound, maxBytes: bound });
const takings: fc.Arbitrary<Taken[]> = fc.array(
  fc.record({
    isPinned: fc.boolean(),
    bytes: fc.integer({ min: 0, max: 12 }),
    msAfter: fc.integer({ min: 0, max: 9 }),
  }),
  { maxLength: 14 },
);

describe("the rule on snapshots", () => {
  it("keeps every pinned one, and of the others those that fitted at each taking since", () => {
    const property = fc.property(rules, takings, (rule, all) => {
      const listed = take(rule, all).map(({ id }) => id);

      const expected = all.flatMap(({ isPinned }, index) => {
        const later = all.slice(index + 1).map((_, n) => index + 1 + n);
        return isPinned || later.every((last) => fits(rule, all, index, last)) ? [`s${index}`] : [];
      });
      expect(listed).toEqual(expected);
    });

    fc.assert(property, { numRuns: 300 });
  });

  it("keeps the one that is taken, whatever it marks", () => {
    const large = snapshot({ id: "large", isPinned: false, bytes: 1_000, takenAt: 5 });
    const small = snapshot({ id: "small", isPinned: false, bytes: 1, takenAt: 5 });

    const rule = { ...defaultSnapshotRule, maxBytes: 10 };

    expect(trimmedBy(rule, [small], large)).toEqual(["small"]);
    expect(trimmedBy(rule, [large], small)).toEqual(["large"]);
  });
});

/** What is listed after snapshots were taken one after another. */
function take(rule: SnapshotRule, all: readonly Taken[]): Snapshot[] {
  let listed: Snapshot[] = [];
  let takenAt = 0;
  for (const [index, { isPinned, bytes, msAfter }] of all.entries()) {
    takenAt += msAfter;
    const taken = snapshot({ id: `s${index}`, isPinned, bytes, takenAt });
    const trimmed = trimmedBy(rule, listed, taken);
    listed = [...listed.filter(({ id }) => !trimmed.includes(id)), taken];
  }
  return listed;
}

/** Whether a snapshot, and what came after it, was within the rule when the last one was taken. */
function fits(
  { keep, maxAgeMs, maxBytes }: SnapshotRule,
  all: readonly Taken[],
  index: number,
  last: number,
) {
  const counted = all.slice(index, last + 1).filter(({ isPinned }) => !isPinned);
  const bytes = counted.reduce((sum, taken) => sum + taken.bytes, 0);
  const age = all.slice(index + 1, last + 1).reduce((sum, { msAfter }) => sum + msAfter, 0);
  return counted.length <= keep && bytes <= maxBytes && age <= maxAgeMs;
}

function snapshot(facts: Pick<Snapshot, "id" | "isPinned" | "bytes" | "takenAt">): Snapshot {
  return { ...facts, reason: "", metadata: {}, version: 1, sequence: 2 };
}
