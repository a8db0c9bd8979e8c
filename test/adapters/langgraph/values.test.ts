import { join } from "node:path";
import { Document } from "@langchain/core/documents";
import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { DurableContextSaver } from "../../../src/adapters/langgraph/index.js";
import { openMemoryStore } from "../../../src/index.js";
import { refusalOf } from "../../support/refusal.js";
import { temporaryFolder } from "../../support/sqlite-files.js";
import { openSaver, putStep, threadOf, valuesOf } from "../../support/threads.js";

const poison = {
  lc: 1,
  type: "constructor",
  id: ["langchain_core", "messages", "AIMessage"],
  kwargs: { content: "no message" },
};

const exact: Record<string, unknown> = {
  bigint: { balance: 12_345_678_901_234_567_890n },
  bytes: new Uint8Array([0, 127, 128, 255]),
  nested: [{ bytes: Buffer.from([200, 1]).subarray(0) }].map(({ bytes }) => ({
    bytes: new Uint8Array(bytes),
  })),
  date: new Date(0),
  numbers: [Number.NaN, Infinity, -Infinity, -0],
  map: new Map<unknown, unknown>([["a", new Set([1])]]),
  undefined: undefined,
  part: { of: undefined },
  error: new TypeError("it failed"),
  poison,
  tagged: { $lc: "AIMessage", content: "no message" },
  wrapped: { $lc: { $lc: "object" }, $type: "date" },
  proto: JSON.parse('{"__proto__":{"a":1}}'),
};

describe("a value of a channel", () => {
  it.each(Object.entries(exact))("comes back as it was: %s", async (_, value) => {
    const saver = openSaver();

    const config = await putStep(saver, threadOf("t"), { changed: { channel: value } });
    await saver.putWrites(config, [["channel", value]], "task");

    const tuple = await saver.getTuple(config);
    expect(tuple?.checkpoint.channel_values).toStrictEqual({ channel: value });
    expect(tuple?.pendingWrites).toStrictEqual([["task", "channel", value]]);
  });

  it("that is a message, or holds some, comes back as instances, also in another process", async () => {
    const path = join(temporaryFolder(), "threads.db");
    const messages = [
      new HumanMessage({ content: [{ type: "text", text: "hi" }], id: "1" }),
      new AIMessage({
        content: "",
        tool_calls: [{ name: "add", args: { a: 1 }, id: "c1", type: "tool_call" as const }],
        response_metadata: { large: 1n },
      }),
      new ToolMessage({
        content: "3",
        tool_call_id: "c1",
        artifact: { found: new Document({ pageContent: "page", metadata: { at: new Date(0) }, id: "d" }) },
      }),
    ];
    const value = { messages, byName: new Map([["last", messages[2]]]), user: poison };
    const first = openSaver(path);
    const config = await putStep(first, threadOf("t"), { changed: { channel: value } });
    first.close();

    const read = await valuesOf(openSaver(path), config);

    expect(read).toStrictEqual({ channel: value });
    const [, second, third] = (read?.channel as typeof value).messages;
    expect(second).toBeInstanceOf(AIMessage);
    expect((third as { artifact: { found: unknown } }).artifact.found).toBeInstanceOf(Document);
  });

  it("is the caller's own: changing it, or what was read, changes nothing that is stored", async () => {
    const saver = openSaver();
    const message = new AIMessage({ content: "one", additional_kwargs: { deep: [{ a: 1 }] } });
    const config = await putStep(saver, threadOf("t"), { changed: { messages: [message] } });

    const read = (await valuesOf(saver, config))?.messages as AIMessage[];
    read[0]!.content = "changed";
    read.push(new AIMessage("another"));
    message.content = "changed";
    (message.additional_kwargs.deep as { a: number }[])[0]!.a = 2;
    const next = await putStep(saver, config, { changed: { messages: [message] } });

    const [before] = (await valuesOf(saver, config))?.messages as AIMessage[];
    const [after] = (await valuesOf(saver, next))?.messages as AIMessage[];
    expect([before?.content, before?.additional_kwargs]).toEqual(["one", { deep: [{ a: 1 }] }]);
    expect([after?.content, after?.additional_kwargs]).toEqual(["changed", { deep: [{ a: 2 }] }]);
  });

  it("that cannot be stored is refused, with its path, and nothing is written", async () => {
    class Money {
      readonly cents = 1;
    }
    class Sub extends AIMessage {}
    const circle: Record<string, unknown> = {};
    circle.self = { circle };
    const saver = openSaver();

    for (const value of [
      new Money(),
      new Sub("hi"),
      circle,
      () => 1,
      [new HumanMessage({ content: "a", additional_kwargs: { circle } })],
    ]) {
      const error = await refusalOf(() => putStep(saver, threadOf("t"), { changed: { channel: [value] } }));
      expect(error.code).toBe("VALUE_UNSUPPORTED");
      expect(error.message).toMatch(/^channel\[0\]/);
    }
    expect(await saver.getTuple(threadOf("t"))).toBeUndefined();

    const config = await putStep(saver, threadOf("t"), { changed: { channel: 1 } });
    await refusalOf(() => putStep(saver, config, { changed: { channel: circle, other: 1 } }));
    await refusalOf(() =>
      saver.putWrites(
        config,
        [
          ["a", 1],
          ["b", new Money()],
        ],
        "task",
      ),
    );
    const tuple = await saver.getTuple(threadOf("t"));
    expect([tuple?.checkpoint.channel_values, tuple?.pendingWrites]).toEqual([{ channel: 1 }, []]);
    expect([...saver.history("t")].length).toBe(1);
  });

  it("of a class that the store knows comes back as an instance", async () => {
    class Money {
      readonly cents: number;
      constructor(cents: number) {
        this.cents = cents;
      }
    }
    const money = {
      name: "Money",
      is: (value: unknown) => value instanceof Money,
      encode: (value: unknown) => (value as Money).cents,
      decode: (cents: unknown) => new Money(cents as number),
    };
    const saver = new DurableContextSaver(openMemoryStore({ classes: [money] }));

    const config = await putStep(saver, threadOf("t"), { changed: { purse: [new Money(5)] } });

    expect((await valuesOf(saver, config))?.purse).toStrictEqual([new Money(5)]);
  });

  it("may have any name, and be of a thread, graph and task of any name", async () => {
    const names = [
      "",
      "a/b",
      "%002f",
      "*",
      "a".repeat(3_000),
      "\u0000",
      "\ud800",
      "é",
      "__proto__",
      "@head",
      "run_id",
      "a|b:c",
    ];
    const saver = openSaver();

    for (const [index, name] of names.entries()) {
      const channel = name === "\ud800" ? "lone" : name;
      const changed = Object.fromEntries([[channel, index]]);
      const config = await putStep(saver, threadOf(name, name), { changed });
      const next = await putStep(saver, config, { changed: Object.fromEntries([[channel, index + 1]]) });
      await saver.putWrites(next, [[channel, index]], channel, channel);
    }

    for (const [index, name] of names.entries()) {
      const channel = name === "\ud800" ? "lone" : name;
      const tuple = await saver.getTuple(threadOf(name, name));
      expect(Object.entries(tuple?.checkpoint.channel_values ?? {})).toEqual([[channel, index + 1]]);
      expect(tuple?.pendingWrites).toEqual([[channel, channel, index]]);
      const listed: unknown[] = [];
      for await (const { config } of saver.list({ configurable: { thread_id: name } }))
        listed.push(config.configurable?.thread_id);
      expect(listed).toEqual([name, name]);
    }
  });
});
