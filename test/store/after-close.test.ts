import { expect, it } from "vitest";
import { isContextError } from "../../src/index.js";
import { type AnyContext, eachEngine } from "../support/each-engine.js";
import { type Member, membersOf } from "../support/members.js";
import { take } from "../support/taking.js";

const dispose = ["close", String(Symbol.dispose), String(Symbol.asyncDispose)];
/** Members for the classes of a context themselves. */
const inner = ["ask", "tell", "write", "change", "said", "stateOf", "held", "stream"];
/** What members are given that look at it before they look at anything else. */
const given: Readonly<Record<string, readonly unknown[]>> = {
  as: [{}],
  batch: [() => 1],
  bisect: [() => true],
  events: [{}],
  replay: [{}],
  edit: ["a", () => 1],
  phase: ["work", () => 1],
  replayInto: [(count: number) => count + 1, 0],
};

eachEngine("after the end", ({ open }) => {
  it("every member of a store says that it is closed", async () => {
    const store = open();
    await store.close();

    const besides = [...dispose, "location"];
    expect(await strays(membersOf(store), { expected: "STORE_CLOSED", besides })).toEqual([]);
  });

  it("every member of a context says that the store is closed", async () => {
    const store = open();
    const ctx = await store.context("run-1", { initial: { a: 1 } });
    await store.close();

    const members = [...membersOf(ctx), ...ofData(ctx)];
    expect(await strays(members, { expected: "STORE_CLOSED", besides: [...dispose, ...inner] })).toEqual([]);
  });

  it("every member of a handle says that it is closed", async () => {
    const store = open();
    const ctx = await store.context("run-1", { initial: { a: 1 } });
    await ctx.close();

    const members = [...membersOf(ctx), ...ofData(ctx)];
    expect(await strays(members, { expected: "CONTEXT_CLOSED", besides: [...dispose, ...inner] })).toEqual(
      [],
    );
  });

  it("views and steps of a replay still tell what they hold", async () => {
    const store = open();
    const ctx = await store.context("run-1", { initial: { a: 1 } });
    const view = await ctx.at(0);
    const steps = [];
    for await (const step of ctx.replay()) steps.push(step);
    await ctx.close();
    await store.close();

    const members = [view, ...steps, steps[0]!.view].flatMap((object) => membersOf(object));

    expect(await strays(members, { expected: "answered" })).toEqual([]);
    expect(view.data).toEqual({ a: 1 });
  });

  it("watches are over, and say so as a loop does", async () => {
    const store = open();
    const ctx = await store.context("run-1");
    const watcher = ctx.watch({ from: "start" });
    const subscription = store.watch({}, () => undefined);
    await take(watcher, 1);
    await store.close();

    const members = [...membersOf(watcher), ...membersOf(subscription)];

    expect(await watcher.next()).toEqual({ done: true, value: undefined });
    expect(await strays(members, { expected: "answered" })).toEqual([]);
  });
});

/** Uses every member but some, and tells which of them did not end as expected. */
async function strays(
  members: readonly Member[],
  { expected, besides = [] }: { readonly expected: string; readonly besides?: readonly string[] },
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { name, use } of members) {
    if (besides.includes(name)) continue;
    const ending = await endingOf(() => use(given[name] ?? ["a", "b"]));
    if (ending !== expected) found.push(`${name}: ${ending}`);
  }
  return found;
}

async function endingOf(use: () => unknown): Promise<string> {
  try {
    const answer = await use();
    // A walk refuses when it begins.
    if (isWalk(answer)) for await (const item of answer) return `gave ${typeof item}`;
    return "answered";
  } catch (error) {
    return isContextError(error) ? error.code : String(error);
  }
}

function isWalk(answer: unknown): answer is AsyncIterable<unknown> {
  if (typeof answer !== "object" || answer === null) return false;
  return Symbol.asyncIterator in answer || (Symbol.iterator in answer && !Array.isArray(answer));
}

/** What can be done with the dictionary of a context. */
function ofData({ data }: AnyContext): readonly Member[] {
  const uses: Readonly<Record<string, () => unknown>> = {
    get: () => data.a,
    has: () => "a" in data,
    keys: () => Object.keys(data),
    spread: () => ({ ...data }),
    json: () => JSON.stringify(data),
  };
  return Object.entries(uses).map(([name, use]) => ({ name: `data: ${name}`, use }));
}
