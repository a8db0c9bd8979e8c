import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isContextError } from "../../../src/core/errors.js";
import { createCodec } from "../../../src/core/value/codec.js";
import { Draft } from "../../../src/core/value/draft.js";
import { anyDraftMove, anyLook, type DraftMove, runMoves } from "../../support/draft-moves.js";
import { anyValue, plainJson } from "../../support/values.js";

const codec = createCodec();

describe("a draft", () => {
  it("becomes what a deep copy becomes, whatever is done with either", () => {
    const anyContent = fc.oneof(anyValue(), plainJson());
    fc.assert(
      fc.property(anyContent, fc.array(anyDraftMove(plainJson()), { maxLength: 24 }), (content, moves) => {
        const source = codec.take({ content, list: [content, { content }] }, "v");
        const { text } = source;
        const draft = new Draft(source.value);
        const copy = codec.thaw(source);

        const [ofDraft, ofCopy] = [
          runMoves([draft.root as object], moves),
          runMoves([copy as object], moves),
        ];

        const { value, fresh } = draft.finish();
        const told = tell(value, fresh);
        expect(told).toBe(tell(copy));
        expect(tell(draft.root)).toBe(told);
        expect(samenesses(ofDraft)).toEqual(samenesses(ofCopy));
        expect(codec.take(source.value, "v").text).toBe(text);
      }),
      { numRuns: 150 },
    );
  });

  it("changes nothing any more once it is finished", () => {
    fc.assert(
      fc.property(anyValue(), moveLists(), moveLists(), (content, moves, later) => {
        const source = codec.take({ content, list: [content] }, "v");
        const draft = new Draft(source.value);
        const copy = codec.thaw(source);
        const [hand, copies] = [runMoves([draft.root as object], moves), runMoves([copy as object], moves)];
        const { value, fresh } = draft.finish();
        const kept = isStorable(copy) ? codec.take(value, "v", fresh) : undefined;
        const text = tell(kept?.value);

        runMoves(hand, later);
        runMoves(copies, later);

        expect(tell(kept?.value)).toBe(text);
        expect(tell(draft.finish().value)).toBe(tell(copy));
      }),
    );
  });

  it("is the very same value if it was only looked at", () => {
    fc.assert(
      fc.property(plainJson(), fc.array(anyLook(), { maxLength: 12 }), (content, looks) => {
        const { value } = codec.take({ content, list: [content] }, "v");
        const draft = new Draft(value);

        runMoves([draft.root as object], looks);

        expect(draft.finish().value).toBe(value);
      }),
    );
  });

  it("keeps the very parts that were not changed", () => {
    const { value } = codec.take({ a: { b: [{ c: 1 }, { c: 2 }], d: {} }, e: [{ f: 1 }] }, "v");
    const source = value as Source;
    const draft = new Draft(source);
    const root = draft.root as Source;

    root.a.b[1]!.c = 3;
    root.e[0]!.f = 1;

    const finished = draft.finish().value as Source;
    expect(finished).toEqual({ a: { b: [{ c: 1 }, { c: 3 }], d: {} }, e: [{ f: 1 }] });
    expect(finished.a.b[0]).toBe(source.a.b[0]);
    expect(finished.a.d).toBe(source.a.d);
    expect(finished.e).toBe(source.e);
  });

  it("keeps them where they were put into something else, too", () => {
    const { value } = codec.take({ a: [{ b: 1 }, { b: 2 }], c: { d: { e: 1 } } }, "v");
    const source = value as { a: object[]; c: { d: object } };
    const draft = new Draft(source);
    const root = draft.root as { a: object[]; c: { d: object }; f?: unknown };
    root.a = root.a.filter((_, i) => i === 1);
    root.f = { list: [root.c.d], map: new Map([["d", root.c.d]]) };

    const { value: finished } = draft.finish();

    const { a, f } = finished as { a: object[]; f: { list: object[]; map: Map<string, object> } };
    expect(a[0]).toBe(source.a[1]);
    expect(f.list[0]).toBe(source.c.d);
    expect(f.map.get("d")).toBe(source.c.d);
  });

  it("gives back what was made of parts of it", () => {
    const { value } = codec.take({ a: [1, 2], b: { c: 1 } }, "v");
    const draft = new Draft(value);
    const root = draft.root as { a: number[]; b: object };

    const { value: made } = draft.finish({ ...root, a: root.a.map((n) => n + 1) });

    expect(made).toEqual({ a: [2, 3], b: { c: 1 } });
    expect((made as { b: object }).b).toBe((value as { b: object }).b);
  });

  it("has the prototypes and inherited names of plain data", () => {
    const text = '{"__proto__":{"a":1},"list":[1]}';
    const draft = new Draft(codec.read(text).value);
    const root = draft.root as { list: number[] };
    const plain = new Draft(codec.take({}, "v").value).root as object;

    expect(Object.keys(root)).toEqual(["__proto__", "list"]);
    expect(Object.getOwnPropertyDescriptor(root, "__proto__")).toEqual(
      Object.getOwnPropertyDescriptor(JSON.parse(text), "__proto__"),
    );
    expect(Reflect.get(plain, "__proto__")).toBe(Object.prototype);
    expect(plain.constructor).toBe(Object);
    expect(Array.isArray(root.list)).toBe(true);
    expect(root.list.concat([2])).toEqual([1, 2]);
    expect(JSON.stringify(root)).toBe(text);
    expect(inspect(root.list)).toBe("[ 1 ]");
  });

  it("tells a frozen part of the store's that was put in from one that was there", () => {
    const { value } = codec.take({ now: { step: 1 }, before: {} }, "v");
    const { now } = value as { now: { step: number } };
    const draft = new Draft(value);
    const root = draft.root as { now: { step: number }; before: { step: number } };

    root.before = now;
    root.now.step = 2;

    expect(root.before).toBe(now);
    expect(draft.finish().value).toEqual({ now: { step: 2 }, before: { step: 1 } });
  });

  it("tells them apart where parts of a list were moved, too", () => {
    const { value } = codec.take([{ n: 0 }, { n: 1 }, { n: 2 }], "v");
    const [, one, two] = value as { n: number }[];
    const draft = new Draft(value);
    const root = draft.root as { n: number }[];

    root.push(two!);
    const first = root.shift()!;
    root.unshift(one!);
    first.n = 9;
    root[1]!.n = 10;
    root[2]!.n = 20;
    root.push(first);

    expect([root[0], root[3]]).toEqual([one, two]);
    expect(root[0]).toBe(one);
    expect(root[3]).toBe(two);
    const moved = [{ n: 1 }, { n: 10 }, { n: 20 }, { n: 2 }, { n: 9 }];
    expect(draft.finish().value).toEqual(moved);
    expect(value).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
  });

  it("keeps the very parts that were only moved", () => {
    const { value } = codec.take([{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }], "v");
    const source = value as { n: number }[];
    const draft = new Draft(value);
    const root = draft.root as { n: number }[];

    root.splice(1, 1);
    root.shift();

    expect(draft.finish().value).toEqual([{ n: 2 }, { n: 3 }]);
    expect((draft.finish().value as object[])[0]).toBe(source[2]);
  });
});

interface Source {
  a: { b: { c: number }[]; d: object };
  e: { f: number }[];
}

function moveLists(): fc.Arbitrary<DraftMove[]> {
  return fc.array(anyDraftMove(plainJson()), { maxLength: 12 });
}

/** The text of a value that can be stored, or why it cannot be. */
function tell(value: unknown, fresh?: ReadonlySet<object>): string {
  try {
    return codec.take(value, "v", fresh).text;
  } catch (error) {
    if (!isContextError(error)) throw error;
    const { message } = error;
    // Where a draft lies in a Map or an Error that contains itself, the walk takes another turn to find that out.
    return message.includes("contains it") ? "a cycle" : message;
  }
}

function isStorable(value: unknown): boolean {
  return /^[[{]/.test(tell(value));
}

/** Which of these objects are the same one. */
function samenesses(objects: readonly object[]): number[] {
  return objects.map((object) => objects.indexOf(object));
}
