/** Thrown by what a caller hands over, from its own accessors and traps: the caller's error, and nobody else's. */
export class OwnError extends Error {
  override readonly name = "OwnError";
}

/** Whether an error is one that what was handed over threw when it was looked at or called. */
export function isOwnError(error: unknown): boolean {
  if (error instanceof OwnError) return true;
  return (
    error instanceof TypeError && /that has been revoked|cannot be invoked without 'new'/.test(error.message)
  );
}

function refuse(): never {
  throw new OwnError("it would rather not");
}

/** A value nested so many levels deep. */
function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = wrap(value);
  return value;
}

const traps = [
  "get",
  "has",
  "ownKeys",
  "getPrototypeOf",
  "getOwnPropertyDescriptor",
  "set",
  "deleteProperty",
  "defineProperty",
  "isExtensible",
  "preventExtensions",
  "apply",
  "construct",
] as const;

function throwingProxy(target: object): object {
  return new Proxy(target, Object.fromEntries(traps.map((trap) => [trap, refuse])));
}

function revokedProxy(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(16);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

/** Node knows buffers that change their size; the language level of this project does not list them. */
function resizable(): ArrayBuffer {
  return Reflect.construct(ArrayBuffer, [8, { maxByteLength: 64 }]) as ArrayBuffer;
}

function shrunk(): Uint8Array {
  const buffer = resizable() as ArrayBuffer & { resize: (bytes: number) => void };
  const view = new Uint8Array(buffer, 4, 4);
  buffer.resize(2);
  return view;
}

class Instance {
  readonly own = 1;
  get more(): number {
    return refuse();
  }
}
class OddArray extends Array<unknown> {}
class OddMap extends Map {}

function cycle(): object {
  const object: Record<string, unknown> = {};
  object.self = { back: [object] };
  return object;
}

function ownMap(): unknown {
  const map = new Map<unknown, unknown>();
  return map.set("self", map).set(map, 1);
}

function withLength(length: number): unknown[] {
  const array: unknown[] = [];
  array.length = length;
  return array;
}

const texts: Readonly<Record<string, string>> = {
  empty: "",
  space: " ",
  NUL: "\0",
  "NUL inside": "a\0b",
  "half a pair": "\ud800",
  "half a pair inside": "a\udfffb",
  "right to left": "a\u202eb\u2066",
  "terminal command": "\u001b[2J\u009b1m",
  "line separators": "a\r\n\u2028b",
  __proto__: "__proto__",
  constructor: "constructor",
  toString: "toString",
  hasOwnProperty: "hasOwnProperty",
  then: "then",
  $type: "$type",
  "a number": "-0",
  "a dot": "a.b[0]",
  "an odd path": '["',
  "a deep path": "[0]".repeat(50_000),
  "the latest": "@latest",
  "far back": "@~99999999999999999999",
  "no sequence": "#-1",
  "a large version": "@9007199254740993",
  "an exponent": "@1e3",
  "no snapshot": "@snapshot:",
  "no time": "@2026-99-99T99:99:99Z",
  "a year of its own": "@+275760-09-13T00:00:00.001Z",
  "a long key": "k".repeat(5_000),
  "a megabyte": "m".repeat(1 << 20),
  "many brackets": "[".repeat(100_000),
  SQL: "'; DROP TABLE events; --",
  "slow SQL":
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000) SELECT max(i) FROM n",
  "a pattern": "(a+)+$",
  "no pattern": "(",
  "a glob": "*".repeat(2_000),
};

/** Things that a caller may pass for anything, each made anew. */
export const nastyValues: Readonly<Record<string, () => unknown>> = {
  ...Object.fromEntries(Object.entries(texts).map(([name, text]) => [`text: ${name}`, () => text])),
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  zero: () => 0,
  "minus zero": () => -0,
  NaN: () => Number.NaN,
  Infinity: () => Infinity,
  "minus one": () => -1,
  "a fraction": () => 1.5,
  "beyond 2^53": () => 2 ** 53,
  "beyond 2^63": () => 2 ** 64,
  "a huge number": () => Number.MAX_VALUE,
  "a big integer": () => 10n,
  "a bigger integer": () => 10n ** 50_000n,
  "a symbol": () => Symbol("s"),
  "a known symbol": () => Symbol.iterator,
  "a function": () => () => 1,
  "a function that throws": () => refuse,
  "a function that is slow to answer": () => async () => Promise.resolve(1),
  "a generator": () =>
    function* () {
      yield 1;
    },
  "a class": () => Instance,
  "an empty array": () => [],
  "an array with holes": () => [1, , 3],
  "an array of nothing": () => withLength(2 ** 32 - 1),
  "an array with a name": () => Object.assign([1], { more: 1 }),
  "an array of another class": () => OddArray.from([1, 2]),
  "a long array": () => Array.from({ length: 20_000 }, (_, index) => index),
  "an empty object": () => ({}),
  "an object without a prototype": () => Object.create(null) as unknown,
  "an object of another prototype": () => Object.create({ inherited: 1 }) as unknown,
  "an own __proto__": () =>
    JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') as unknown,
  "a tag": () => ({ $type: "map", value: [[1]] }),
  "an unknown tag": () => ({ $type: "secret" }),
  "a tag of erasure": () => ({ $type: "erased", digest: "00" }),
  "a frozen object": () => Object.freeze({ a: 1 }),
  "a toJSON that throws": () => ({ toJSON: refuse }),
  "a toJSON that lies": () => ({ toJSON: () => "other" }),
  "an accessor that throws": () => Object.defineProperty({}, "a", { get: refuse, enumerable: true }),
  "no text of its own": () => ({ toString: refuse, valueOf: refuse, [Symbol.toPrimitive]: refuse }),
  "a then": () => ({ then: (resolve: (value: unknown) => void) => resolve(1) }),
  "a symbol as a key": () => ({ [Symbol("s")]: 1 }),
  "a hidden member": () => Object.defineProperty({}, "hidden", { value: 1 }),
  "a member of nothing": () => ({ a: undefined, b: null }),
  "a throwing proxy": () => throwingProxy({}),
  "a throwing proxy of an array": () => throwingProxy([]),
  "a throwing proxy of a function": () => throwingProxy(() => 1),
  "a revoked proxy": () => revokedProxy({}),
  "a revoked proxy of an array": () => revokedProxy([]),
  "a revoked proxy of a function": () => revokedProxy(() => 1),
  "a proxy that is honest": () => new Proxy({ a: 1 }, {}),
  "a cycle": cycle,
  "deep arrays": () => nested(100_000, (inner) => [inner]),
  "deep objects": () => nested(100_000, (inner) => ({ inner })),
  "deep maps": () => nested(20_000, (inner) => new Map([[1, inner]])),
  "deep errors": () => nested(1_000, (cause) => new Error("deep", { cause })),
  "a deep shared diamond": () => nested(60, (inner) => [inner, inner]),
  "no date": () => new Date(Number.NaN),
  "a date": () => new Date(0),
  "a map in itself": ownMap,
  "a map with odd keys": () =>
    new Map<unknown, unknown>([
      [Number.NaN, -0],
      [{}, {}],
      [undefined, null],
    ]),
  "a map of another class": () => new OddMap(),
  "a set": () => new Set([1, [1], new Set()]),
  "a pattern that is slow": () => /(a+)+$/,
  "an error": () => Object.assign(new Error("e"), { code: "E" }),
  "an error in itself": () => {
    const error = new Error("self");
    error.cause = error;
    return error;
  },
  "an error without a text": () => Object.defineProperty(new Error("x"), "message", { get: refuse }),
  "a promise": () => Promise.resolve(1),
  "a weak map": () => new WeakMap(),
  bytes: () => Uint8Array.of(0, 255),
  "a buffer that has gone": detached,
  "bytes of a buffer that has gone": () => new Uint8Array(structuredClone(new ArrayBuffer(8))).subarray(2),
  "a view of a buffer that has gone": () => {
    const buffer = new ArrayBuffer(16);
    const view = new DataView(buffer, 4);
    structuredClone(buffer, { transfer: [buffer] });
    return view;
  },
  "a buffer that can grow": resizable,
  "bytes outside of their buffer": shrunk,
  "shared memory": () => new SharedArrayBuffer(8),
  "bytes in shared memory": () => new Uint8Array(new SharedArrayBuffer(8)),
  "a boxed text": () => new String("x"),
  "a boxed number": () => new Number(1),
  "a boxed symbol": () => Object(Symbol("s")) as unknown,
  "an instance": () => new Instance(),
  arguments: () =>
    (function () {
      // eslint-disable-next-line prefer-rest-params
      return arguments;
    })(),
  "everything there is": () => globalThis,
  "a URL": () => new URL("https://example.org/?q=1#f"),
};
