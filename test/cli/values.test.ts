import { describe, expect, it } from "vitest";
import { openStore, type ValueClass } from "../../src/index.js";
import { fill, openDesk } from "./command-line.js";

const values: Readonly<Record<string, unknown>> = {
  date: new Date(0),
  map: new Map([["a", new Set([1n])]]),
  numbers: [NaN, Infinity, -Infinity, -0],
  gap: { undefined: undefined },
  bytes: Uint8Array.from([0, 255]),
  own: { $type: "date", value: "not a date" },
  surrogate: "\ud800",
  ["__proto__"]: { ["__proto__"]: 1 },
};

describe("get", () => {
  it.each(Object.keys(values))("prints %s so that set --tagged reads the same value", async (key) => {
    const desk = openDesk();
    fill(desk, (context) => context.set(key, values[key]));

    const { out } = await desk.run(["get", "run-42", key]);
    const again = await desk.run(["set", "run-42", key, "-", "--tagged"], { stdin: out });

    expect(again.err).toContain("Nothing changed");
  });

  it("prints values of the past in the same form", async () => {
    const desk = openDesk();
    fill(desk, (context) => {
      context.set("due", new Date(0));
      context.set("due", 1);
    });

    const { out } = await desk.run(["get", "run-42@~1", "due"]);

    expect(out).toBe('{"$type":"date","value":"1970-01-01T00:00:00.000Z"}\n');
  });

  it("takes plain JSON for what it says, whatever looks like a tag", async () => {
    const desk = openDesk();

    await desk.run(["set", "a", "k", '{"$type":"date","value":"x"}', "--create"]);

    expect((await desk.run(["get", "a", "k"])).out).toContain('"$type":"object"');
  });

  it("prints text without quotes with --raw, but not where that would change it", async () => {
    const desk = openDesk();
    fill(desk, (context) => context.update({ text: "two\nlines\t\u001b", half: "\ud800", number: 1 }));

    const [text, half, number] = [
      await desk.run(["get", "run-42", "text", "--raw"]),
      await desk.run(["get", "run-42", "half", "--raw"]),
      await desk.run(["get", "run-42", "number", "--raw"]),
    ];

    expect(text.out).toBe("two\nlines\t\u001b\n");
    expect(half).toMatchObject({ code: 1, out: "" });
    expect(number.out).toBe("1\n");
  });
});

describe("a class that only the owner's program knows", () => {
  it("passes through every command unchanged", async () => {
    const desk = openDesk();
    using store = openStore(desk.store, { classes: [money, amount] });
    store.context("run-42", { initial: { price: new Money(5), pay: new Amount(new Money(7)) } });

    const shown = await desk.run(["get", "run-42", "pay"]);
    const listed = await desk.run(["log", "run-42", "--json"]);
    const written = await desk.run(["set", "run-42", "step", "1"]);
    const again = await desk.run(["set", "run-42", "pay", "-", "--tagged"], { stdin: shown.out });

    expect(JSON.parse(shown.out)).toEqual({
      $type: "class",
      name: "amount",
      value: { $type: "class", name: "money", value: 7 },
    });
    expect([listed.code, written.out]).toEqual([0, "run-42@1\n"]);
    expect(again.err).toContain("Nothing changed");
  });
});

class Money {
  readonly cents: number;
  constructor(cents: number) {
    this.cents = cents;
  }
}

class Amount {
  readonly money: Money;
  constructor(money: Money) {
    this.money = money;
  }
}

const money: ValueClass<Money> = {
  name: "money",
  is: (value) => value instanceof Money,
  encode: ({ cents }) => cents,
  decode: (cents) => new Money(cents as number),
};
const amount: ValueClass<Amount> = {
  name: "amount",
  is: (value) => value instanceof Amount,
  encode: (value) => value.money,
  decode: (decoded) => new Amount(decoded as Money),
};
