import { describe, expect, it } from "vitest";
import { createCodec, type ValueClass } from "../../../src/core/value/codec.js";
import { equalValues } from "../../../src/core/value/equal.js";

class Money {
  readonly #cents: bigint;
  readonly tags: string[];
  constructor(cents: bigint, tags: string[] = []) {
    this.#cents = cents;
    this.tags = tags;
  }
  get cents(): bigint {
    return this.#cents;
  }
}

const money: ValueClass<Money> = {
  name: "Money",
  is: (value) => value instanceof Money,
  encode: ({ cents, tags }) => ({ cents, tags }),
  decode: (encoded) => {
    const { cents, tags } = encoded as { cents: bigint; tags: string[] };
    return new Money(cents, tags);
  },
};

class Late extends Date {}
const late: ValueClass<Late> = {
  name: "Late",
  is: (value) => value instanceof Late,
  encode: (value) => value.getTime(),
  decode: (encoded) => new Late(encoded as number),
};

const codec = createCodec([money, late]);

describe("an instance of a registered class", () => {
  it("is kept through text", () => {
    const { text } = codec.take({ price: new Money(5n, ["a"]) }, "v");

    const { price } = codec.share(codec.read(text)) as { price: Money };
    expect(text).toBe(
      '{"price":{"$type":"class","name":"Money","value":{"cents":{"$type":"bigint","value":"5"},"tags":["a"]}}}',
    );
    expect(price).toBeInstanceOf(Money);
    expect([price.cents, price.tags]).toEqual([5n, ["a"]]);
  });

  it("comes before the built-in kind that it extends", () => {
    const back = codec.share(codec.read(codec.take(new Late(7), "v").text));

    expect(back).toBeInstanceOf(Late);
    expect(equalValues((back as Late).getTime(), 7)).toBe(true);
  });

  it("is handed out as a copy that may be changed without harm", () => {
    const input = new Money(1n, ["a"]);
    const held = codec.take(input, "v");
    const copy = codec.share(held) as Money;

    input.tags.push("b");
    copy.tags.push("c");
    (codec.thaw(held) as Money).tags.push("d");

    expect((codec.share(held) as Money).tags).toEqual(["a"]);
  });

  it("is equal to another by encoding, private fields included", () => {
    const [one, same, other] = [5n, 5n, 6n].map((cents) => codec.take([new Money(cents)], "v").value);

    expect(equalValues(one, same)).toBe(true);
    expect(equalValues(one, other)).toBe(false);
    expect(equalValues(new Money(5n), new Money(5n))).toBe(false);
  });

  it("is refused by adopt", () => {
    expect(() => codec.adopt(new Money(1n), "v")).toThrow("Money");
  });

  it("is refused when its encoding cannot be stored, naming the place", () => {
    const bad = createCodec([{ ...money, encode: () => ({ run: () => 1 }) }]);

    expect(() => bad.take({ price: new Money(1n) }, "v")).toThrow(
      expect.objectContaining({ details: { path: "v.price.encode().run", what: "a function" } }),
    );
  });

  it.each([
    [
      "encode throws",
      {
        encode: () => {
          throw new Error("no");
        },
      },
    ],
    [
      "decode throws",
      {
        decode: () => {
          throw new Error("no");
        },
      },
    ],
    ["decode gives something else", { decode: () => Object.create({}) as Money }],
    ["encode gives the instance itself", { encode: (value: Money) => value }],
  ])("is refused when %s", (_, broken: Partial<ValueClass<Money>>) => {
    const codec = createCodec([{ ...money, ...broken }]);

    expect(() => codec.take(new Money(1n), "v")).toThrow(
      expect.objectContaining({ code: "VALUE_UNSUPPORTED" }),
    );
  });

  it("cannot be read where its class is not registered", () => {
    const { text } = codec.take([new Money(1n)], "v");

    expect(() => createCodec().read(text)).toThrow(
      expect.objectContaining({ code: "CLASS_UNKNOWN", details: { name: "Money" } }),
    );
  });
});

describe("createCodec", () => {
  it.each([
    ["an empty name", [{ ...money, name: "" }]],
    ["two classes of one name", [money, { ...late, name: "Money" }]],
  ])("refuses %s", (_, classes: ValueClass[]) => {
    expect(() => createCodec(classes)).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
  });
});
