import { applyDifference, type ContextEvent } from "../../../src/index.js";
import type { Random } from "../random.js";
import { comparePresent, expectSame, valuesIn } from "./compare.js";
import { type ContextModel, gone, type ModelEvent } from "./context-model.js";
import type { AnyContext } from "./make-on-store.js";
import { ownEvents } from "./model-redaction.js";

/** How many events of a long history are compared one by one, up to the newest. */
const mostEvents = 1_500;
const samples = 12;

/** Holds what a context tells of its past, in every way that there is to ask, to its model. */
export async function checkPast(ctx: AnyContext, model: ContextModel, random: Random): Promise<void> {
  comparePresent(ctx, model);
  await checkHistory(ctx, model);
  await checkViews(ctx, model, random);
  await checkReplay(ctx, model);
  await checkBlame(ctx, model);
  await checkBisect(ctx, model, random);
  await checkSearch(ctx, model, random);
  await checkWatch(ctx, model);
  await checkRecords(ctx, model);
}

async function checkHistory(ctx: AnyContext, model: ContextModel): Promise<void> {
  const after = Math.max(0, model.sequence - mostEvents);
  const events = await ctx.history({ after });
  const wanted = model.events.slice(after);
  expectSame(events.length, wanted.length, "the length of the history");
  for (const [index, event] of events.entries()) {
    const { [index]: modelled } = wanted;
    expectSame(told(event), modelled && toldByModel(modelled), "an event");
    const isWithBefore = event.batch !== null && event.batch === events[index - 1]?.batch;
    const { batch } = wanted[index] ?? { batch: null };
    expectSame(
      isWithBefore,
      batch !== null && batch === wanted[index - 1]?.batch,
      `the batch of #${event.sequence}`,
    );
  }
}

type Told = readonly unknown[];

function told({ type, sequence, version, actor, effects }: ContextEvent): Told {
  const shown = effects.filter(({ scope }) => isShown(scope));
  const changes = shown.map(({ op, scope, key, ...rest }) =>
    op === "delete" || op === "unprotect"
      ? [scope, key, "gone"]
      : [scope, key, "value" in rest ? rest.value : true],
  );
  return [type, sequence, version, actor, changes.sort(byText)];
}

function toldByModel({ type, sequence, version, actor, effects }: ModelEvent): Told {
  const shown = effects.filter(({ scope }) => isShown(scope));
  const changes = shown.map(({ scope, key, value }) => [scope, key, value === gone ? "gone" : value]);
  return [type, sequence, version, actor, changes.sort(byText)];
}

function isShown(scope: string): boolean {
  return ["persistent", "ephemeral", "protection"].includes(scope);
}

function byText(a: Told, b: Told): number {
  return `${String(a[0])} ${String(a[1])}` < `${String(b[0])} ${String(b[1])}` ? -1 : 1;
}

async function checkViews(ctx: AnyContext, model: ContextModel, random: Random): Promise<void> {
  const versions = [
    0,
    model.version,
    ...Array.from({ length: samples }, () => random.below(model.version + 1)),
  ];
  for (const version of versions) {
    const view = await ctx.at(version);
    expectSame(view.entries(), stateOf(model, model.lastOf(version)), `version ${version}`);
  }
  for (let sample = 0; sample < samples; sample += 1) {
    const sequence = 1 + random.below(model.sequence);
    const view = await ctx.at(`#${sequence}`);
    expectSame(view.entries(), stateOf(model, sequence), `#${sequence}`);
  }
  const [from = 0, to = 0] = versions.slice(-2);
  const [before, after] = [await ctx.at(from), await ctx.at(to)];
  const applied = applyDifference(await ctx.diff(from, to), Object.fromEntries(before.entries()));
  expectSame(applied, Object.fromEntries(after.entries()), `the difference of ${from} and ${to}, applied`);
}

function stateOf(model: ContextModel, sequence: number): [string, unknown][] {
  return valuesIn(model.stateAt(sequence).persistent);
}

/** From a state in the past, and the events behind it, comes the present. */
async function checkReplay(ctx: AnyContext, model: ContextModel): Promise<void> {
  const oldest = ctx.snapshots()[0];
  const from = model.sequence > mostEvents ? (oldest ?? `#${model.sequence - mostEvents}`) : undefined;
  let last: [string, unknown][] | undefined;
  let [steps, first] = [0, 0];
  for await (const { event, view } of ctx.replay(from === undefined ? {} : { from })) {
    steps += 1;
    if (first === 0) first = event.sequence;
    const { version } = view;
    if (steps % 50 === 0)
      expectSame(view.entries(), stateOf(model, event.sequence), `replayed to version ${version}`);
    if (event.sequence === model.sequence) last = view.entries();
  }
  if (steps === 0) return;
  expectSame(last, valuesIn(model.scopes.persistent), "what a replay comes to");
  expectSame(steps, model.sequence - first + 1, "the steps of a replay");
}

/** A value without parts was given by the last event that set its key. */
async function checkBlame(ctx: AnyContext, model: ContextModel): Promise<void> {
  for (const [key, { value, event }] of model.scopes.persistent) {
    if (typeof value === "object" && value !== null) continue;
    const blamed = await ctx.blame([key]);
    expectSame(
      blamed.map((one) => one.event.sequence),
      [event.sequence],
      `whom to blame for ${key}`,
    );
  }
}

async function checkBisect(ctx: AnyContext, model: ContextModel, random: Random): Promise<void> {
  const wanted = random.below(model.version + 1);
  const found = await ctx.bisect((view) => view.version >= wanted);
  const made = (version: number) => model.events[version === 0 ? 0 : model.lastOf(version - 1)];
  let first = wanted;
  const isInside = (version: number) =>
    version > 0 && made(version)?.batch !== null && made(version)?.batch === made(version + 1)?.batch;
  while (isInside(first)) first += 1;
  expectSame(found?.version, first, `the first version from ${wanted} on`);
}

async function checkSearch(ctx: AnyContext, model: ContextModel, random: Random): Promise<void> {
  const text = `needle ${random.below(4)}`;
  const hits = await ctx.search(text, { keys: false });
  const wanted = (["persistent", "ephemeral"] as const).flatMap((scope) =>
    valuesIn(model.scopes[scope]).flatMap(([key, value]) =>
      Array.from({ length: count(value, text) }, () => `${scope} ${key}`),
    ),
  );
  expectSame(hits.map(({ scope, key }) => `${scope} ${key}`).sort(), wanted.sort(), `where "${text}" is`);
}

function count(value: unknown, text: string): number {
  if (value === text) return 1;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce<number>((sum, part) => sum + count(part, text), 0);
}

/** Whoever watches from the start is told of every event of the context's own, once and in order. */
async function checkWatch(ctx: AnyContext, model: ContextModel): Promise<void> {
  const wanted = ownEvents(model)
    .slice(0, mostEvents)
    .map(({ sequence }) => sequence);
  const watcher = ctx.watch({ from: "start" });
  const seen: number[] = [];
  while (seen.length < wanted.length) {
    const { value } = await watcher.next();
    if (!value) break;
    seen.push(value.sequence);
  }
  watcher.close();
  expectSame(seen, wanted, "what a watch tells");
}

async function checkRecords(ctx: AnyContext, model: ContextModel): Promise<void> {
  expectSame(await ctx.replayInto((sum: number) => sum + 1, 0, { cursor: "all" }), model.sequence, "a fold");
  const unmerged = await ctx.phases({ status: "unmerged" });
  expectSame(unmerged.length, model.scopes.unmerged.size, "phases that wait to be merged");
  const { events, version } = await ctx.stats();
  expectSame([events, version], [eventsOf(model), model.version], "the statistics");
  const changes = await ctx.changes();
  const newest = changes.at(-1);
  if (newest !== undefined) expectSame(newest.version <= model.version, true, "the change log");
}

function eventsOf(model: ContextModel): number {
  return ownEvents(model).length;
}
