import { describe, expect, it } from "vitest";
import { refusalOf } from "../../support/refusal.js";
import { valueOf } from "./read-values.js";
import {
  byte,
  bytes,
  call,
  dict,
  emptyDict,
  emptyList,
  emptyTuple,
  float,
  list,
  littleEndian,
  memoize,
  name,
  none,
  type Piece,
  sessionPickle,
  set,
  text,
  tuple,
} from "./written-pickle.js";

describe("a pickle", () => {
  it.each<[string, Piece, unknown]>([
    ["a negative integer of five bytes", [0x8a, 5, 0xff, 0xff, 0xff, 0x7f, 0xff], -2147483649],
    ["an integer of no bytes", [0x8a, 0], 0],
    [
      "an integer with a length of four bytes",
      [0x8b, ...littleEndian(9, 4), ...Array<number>(8).fill(0), 1],
      2n ** 64n,
    ],
    ["a text with a length of eight bytes", [0x8d, ...littleEndian(2, 8), 0xc3, 0xa4], "ä"],
    ["bytes with a length of eight bytes", [0x8e, ...littleEndian(1, 8), 7], Uint8Array.of(7)],
    ["a byte order mark, which is part of the text", text("\ufeffx"), "\ufeffx"],
    ["half a surrogate pair", text([0x61, 0xed, 0xa0, 0x80]), "a\ud800"],
    ["what is taken back to a mark", [...text("kept"), 0x28, ...none, ...none, 0x31], "kept"],
    ["a frame", [0x95, ...littleEndian(1, 8), ...none], null],
    [
      "NaN as several keys",
      dict(float(NaN), none, float(NaN), none),
      marked("dict", {
        entries: [
          [NaN, null],
          [NaN, null],
        ],
      }),
    ],
    ["-0.0 in a set", set(float(-0), byte(1)), marked("set", { items: [-0, 1] })],
    ["a dictionary with the mark as a key", dict(text("$python"), none), new Map([["$python", null]])],
    ["a key __proto__", dict(text("__proto__"), byte(1)), JSON.parse('{"__proto__":1}')],
    [
      "1 and True and '1' as keys",
      dict(byte(1), none, text("1"), none),
      new Map<unknown, unknown>([
        [1, null],
        ["1", null],
      ]),
    ],
    [
      "a path, of its parts as written",
      call("pathlib._local", "PurePosixPath", text("/a"), text("b//./c/")),
      marked("PurePosixPath", { value: "/a/b/c" }),
    ],
    ["an empty path", call("pathlib", "PurePosixPath"), marked("PurePosixPath", { value: "." })],
    [
      "a fraction of two integers",
      call("fractions", "Fraction", byte(4), byte(6)),
      marked("Fraction", { value: "2/3" }),
    ],
    [
      "a zone with a name",
      call("datetime", "timezone", call("datetime", "timedelta", byte(0), byte(60), byte(1)), text("X")),
      marked("timezone", { offsetSeconds: 60.000001, name: "X" }),
    ],
    [
      "a time in UTC to the millisecond",
      dateTime(bytes(7, 234, 2, 28, 1, 2, 3, 0, 3, 232), utc),
      new Date("2026-02-28T01:02:03.001Z"),
    ],
    [
      "a time in UTC to the microsecond",
      dateTime(bytes(7, 234, 2, 28, 1, 2, 3, 0, 3, 233), utc),
      marked("datetime", { iso: "2026-02-28T01:02:03.001001+00:00" }),
    ],
  ])("gives %s", (_, piece, expected) => {
    expect(valueOf(sessionPickle(piece))).toEqual(expected);
  });

  it.each<[string, Uint8Array, string]>([
    ["an older protocol", sessionPickle(none, { protocol: 2 }), "protocol 2"],
    ["what follows its end", sessionPickle(none, { after: none }), "goes on"],
    ["an instruction of an older protocol", sessionPickle([0x56, 0x61, 0x0a]), "the instruction UNICODE"],
    ["buffers outside of it", sessionPickle([0x97]), "the instruction NEXT_BUFFER"],
    ["a number that is no instruction", sessionPickle([0xff]), "0xff"],
    ["a class that is not on the list", sessionPickle(name("os", "system")), "os.system"],
    [
      "a name that is only put together otherwise",
      sessionPickle(name("cmbagent", "orchestrator.durable_context.ContextSnapshot")),
      "cmbagent.orchestrator",
    ],
    ["a class as a value", sessionPickle(list(name("builtins", "list"))), "builtins.list as a value"],
    ["a class as a value of a key", sessionPickle(name("builtins", "range")), "builtins.range as a value"],
    ["a class in a tuple", sessionPickle(tuple(name("builtins", "range"))), "builtins.range as a value"],
    [
      "a call of what may only be a factory",
      sessionPickle(call("builtins", "list")),
      "a call of builtins.list",
    ],
    [
      "a call of a call's result",
      sessionPickle([...call("builtins", "range", byte(0), byte(1), byte(1)), ...emptyTuple, 0x52]),
      "no class",
    ],
    [
      "arguments that make no date",
      sessionPickle(call("datetime", "date", bytes(7, 234, 2, 29))),
      "datetime.date",
    ],
    ["a state for what has none", sessionPickle([...emptyList, ...emptyDict, 0x62]), "a state"],
    [
      "a UUID without its number",
      sessionPickle([...name("uuid", "UUID"), ...emptyTuple, 0x81]),
      "not completed",
    ],
    [
      "a snapshot in the place of a value",
      sessionPickle([
        ...name("cmbagent.orchestrator.durable_context", "ContextSnapshot"),
        ...emptyTuple,
        0x81,
        ...emptyDict,
        0x62,
      ]),
      "a snapshot in the place",
    ],
    ["a list as a key", sessionPickle(dict(emptyList, none)), "can be none"],
    ["a key twice", sessionPickle(dict(text("a"), none, text("a"), none)), "twice"],
    ["a key without a value", sessionPickle([...emptyDict, 0x28, ...text("a"), 0x75]), "lacks its value"],
    ["an item for a dictionary", sessionPickle([...emptyDict, ...none, 0x61]), "takes nothing"],
    ["something remembered that was not", sessionPickle([0x68, 9]), "number 9"],
    [
      "an instruction beyond its frame",
      sessionPickle([0x95, ...littleEndian(3, 8), ...text("abc")]),
      "frame",
    ],
    ["a text that is no UTF-8", sessionPickle(text([0xc0, 0x80])), "UTF-8"],
    [
      "half pairs that would become one",
      sessionPickle(text([0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80])),
      "surrogate pair",
    ],
    ["an integer of a megabyte", sessionPickle([0x8b, ...littleEndian(2 ** 20, 4)]), "an integer of"],
    [
      "a text that claims more than there is",
      sessionPickle([0x8d, ...littleEndian(2 ** 28, 8), 0x61]),
      "ends in the midst",
    ],
    [
      "a list of lists of lists …",
      sessionPickle([...Array<number>(5_000).fill(0x5d), ...Array<number>(4_999).fill(0x61)]),
      "too deeply",
    ],
    ["few lists that stand for many and lead back", sessionPickle(manyLists(40, [0x68, 0])), "more than"],
    [
      "tuples in tuples in tuples … as a key",
      sessionPickle(dict([...emptyTuple, ...Array<number>(9_000).fill(0x85)], none)),
      "too deeply",
    ],
    ["few tuples that stand for many, as a key", sessionPickle(dict(manyTuples(60), none)), "more than"],
    ["few lists that stand for many", sessionPickle(manyLists(40)), "more than"],
  ])("is refused with %s", async (_, pickle, why) => {
    const refusal = await refusalOf(() => valueOf(pickle));

    expect(refusal.code).toMatch(/^PYTHON_/);
    expect(refusal.message).toContain(why);
  });
});

function marked(type: string, fields: object): object {
  return { $python: type, ...fields };
}

const utc = call("datetime", "timezone", call("datetime", "timedelta", byte(0)));

function dateTime(moment: Piece, zone: Piece): Piece {
  return call("datetime", "datetime", moment, zone);
}

/** Each list holds the one before it twice; all of them are in one, which the innermost may lead back to. */
function manyLists(levels: number, innermost: Piece = none): Piece {
  const pieces: Piece[] = [emptyList, memoize, list(innermost), memoize];
  for (let i = 1; i <= levels; i++) pieces.push([0x30, ...list([0x68, i], [0x68, i]), ...memoize]);
  return [...pieces.flat(), 0x61];
}

function manyTuples(levels: number): Piece {
  const pieces: Piece[] = [emptyTuple, memoize];
  for (let i = 0; i < levels; i++) pieces.push([0x30, 0x68, i, 0x68, i, 0x86, ...memoize]);
  return pieces.flat();
}
