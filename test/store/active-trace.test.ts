import { type Context as TraceContext, context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runAs } from "../../src/index.js";
import { type AnyContext, eachEngine } from "../support/each-engine.js";

const tracer = new BasicTracerProvider().getTracer("tests");

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

afterAll(() => {
  context.disable();
});

/** Runs work while a span is active, and gives the tags that tell of it. */
async function inSpan(work: () => unknown): Promise<Record<string, string>> {
  const span = tracer.startSpan("work");
  await context.with(trace.setSpan(context.active(), span), work);
  span.end();
  const { traceId, spanId } = span.spanContext();
  return { trace_id: traceId, span_id: spanId };
}

async function tagsOf(ctx: AnyContext): Promise<(object | null)[]> {
  return (await ctx.history()).map(({ tags }) => tags);
}

eachEngine("the active span of a trace", ({ open, reopen }) => {
  it("is named by the tags of every event written in it, across awaits", async () => {
    const store = open();
    const ctx = await store.context("run");

    const ids = await inSpan(async () => {
      await ctx.set("a", 1);
      await nextTurn();
      await ctx.batch(() => void ctx.set("b", 1));
    });
    await ctx.set("c", 1);

    expect(ids.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(ids.span_id).toMatch(/^[0-9a-f]{16}$/);
    expect(await tagsOf(ctx)).toEqual([null, ids, ids, null]);
    expect(await tagsOf(await (await reopen(store)).context("run"))).toEqual([null, ids, ids, null]);
  });

  it("stands beside the tags that were given", async () => {
    const ctx = await open({ tags: { host: "h" } }).context("run");

    const ids = await inSpan(() =>
      runAs({ tags: { request: "r-1" } }, () => ctx.as({ tags: { try: "2" } }).set("a", 1)),
    );

    expect((await tagsOf(ctx))[1]).toEqual({ ...ids, host: "h", request: "r-1", try: "2" });
  });

  it("gives way to a trace that the caller names, in part or whole", async () => {
    const ctx = await open().context("run");
    const named = [{ trace_id: "t", span_id: "s" }, { trace_id: "t" }, { span_id: "s" }];

    await inSpan(async () => {
      for (const [n, tags] of named.entries()) await ctx.set("n", n, { tags });
    });

    expect((await tagsOf(ctx)).slice(1)).toEqual(named);
  });

  it("of a phase goes for all its events", async () => {
    const ctx = await open().context("run");

    const ids = await inSpan(() => ctx.phase("p", async (copy) => void (copy.a = 1)));

    const [, ...events] = await tagsOf(ctx);
    expect(events).toEqual(events.map(() => ids));
    expect(events.length).toBeGreaterThan(2);
  });

  it("is not named where it is none", async () => {
    const ctx = await open().context("run");
    const ofNobody = { traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 0 };
    const nowhere: TraceContext = trace.setSpanContext(context.active(), ofNobody);

    await context.with(nowhere, async () => ctx.set("a", 1));

    expect(await tagsOf(ctx)).toEqual([null, null]);
  });
});
