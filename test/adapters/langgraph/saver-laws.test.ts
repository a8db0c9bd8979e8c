import type { RunnableConfig } from "@langchain/core/runnables";
import { HumanMessage } from "@langchain/core/messages";
import { type CheckpointPendingWrite, uuid6 } from "@langchain/langgraph-checkpoint";
import fc from "fast-check";
import { expect, it } from "vitest";
import { DurableContextSaver } from "../../../src/adapters/langgraph/index.js";
import { openMemoryStore } from "../../../src/index.js";
import { putStep, threadOf, versionsOf } from "../../support/threads.js";

/** A checkpoint as a saver has to give it. */
interface Expected {
  readonly config: RunnableConfig;
  readonly parent: number | undefined;
  readonly values: Readonly<Record<string, unknown>>;
  readonly writes: CheckpointPendingWrite[];
}

const channels = ["messages", "plan", "@head", "branch:to:a"];

/** Long enough for its changes to be stored as such. */
const long = (text: string): string => text.padEnd(3_000, "·");

const anyValue = fc.oneof(
  fc.array(fc.nat(9), { maxLength: 6 }).map((ids) => ids.map((id) => long(`text ${id}`))),
  fc
    .array(fc.nat(9), { maxLength: 4 })
    .map((ids) => ids.map((id) => new HumanMessage({ id: `${id}`, content: long("hi") }))),
  fc.constantFrom(null, undefined, new Date(0), { $lc: "undefined" }, new Map([[1, [2n]]])),
);

const anyStep = fc.record({
  parent: fc.nat(),
  changed: fc.dictionary(fc.constantFrom(...channels), anyValue, { maxKeys: 3 }),
  emptied: fc.subarray(channels, { maxLength: 2 }),
  writes: fc.array(fc.tuple(fc.nat(), fc.constantFrom("t1", "t2"), fc.constantFrom(...channels), anyValue), {
    maxLength: 2,
  }),
});

it("every checkpoint stays what it was put as, in whatever order branches grow, and in a store opened later", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 12 }), async (steps) => {
      const store = openMemoryStore();
      const saver = new DurableContextSaver(store);
      const put: Expected[] = [];
      for (const step of steps) await take(saver, put, step);

      for (const one of [saver, new DurableContextSaver(store)]) {
        for (const expected of put) await expectTuple(one, expected, put);
        const listed: unknown[] = [];
        for await (const { config, checkpoint } of one.list(threadOf("t")))
          listed.push([config, checkpoint.channel_values]);
        expect(listed).toEqual([...put].reverse().map(({ config, values }) => [config, values]));
      }
      await saver.prune("t", { keep: 3, archive: false });
      for (const expected of put.slice(-3)) await expectTuple(saver, expected, put);
      store.close();
    }),
    { numRuns: 40 },
  );
});

type Step = typeof anyStep extends fc.Arbitrary<infer Taken> ? Taken : never;

async function take(saver: DurableContextSaver, put: Expected[], step: Step): Promise<void> {
  // Every third begins a line of its own, or goes on from any that is there.
  const parent = put.length === 0 || step.parent % 7 === 0 ? undefined : step.parent % put.length;
  const base = parent === undefined ? undefined : put[parent];
  const gone = step.emptied.filter((channel) => !Object.hasOwn(step.changed, channel));
  const kept = Object.entries(base?.values ?? {}).filter(([channel]) => !gone.includes(channel));
  const same = Object.fromEntries(kept.filter(([channel]) => !Object.hasOwn(step.changed, channel)));
  const versions = base === undefined ? {} : await versionsOf(saver, base.config);
  const config = await putStep(saver, base?.config ?? threadOf("t"), {
    changed: step.changed,
    emptied: gone,
    same,
    versions,
    id: uuid6(put.length),
  });
  put.push({ config, parent, values: { ...same, ...step.changed }, writes: [] });
  for (const [target, task, channel, value] of step.writes) {
    const expected = put[target % put.length]!;
    await saver.putWrites(expected.config, [[channel, value]], task);
    if (!expected.writes.some(([other]) => other === task)) expected.writes.push([task, channel, value]);
  }
}

async function expectTuple(
  saver: DurableContextSaver,
  expected: Expected,
  put: readonly Expected[],
): Promise<void> {
  const tuple = await saver.getTuple(expected.config);
  expect(tuple?.checkpoint.channel_values).toStrictEqual(expected.values);
  expect(tuple?.parentConfig).toEqual(
    expected.parent === undefined ? undefined : put[expected.parent]?.config,
  );
  const inOrder = [...expected.writes].sort(([one], [other]) => (one < other ? -1 : 1));
  expect(tuple?.pendingWrites).toStrictEqual(inOrder);
}
