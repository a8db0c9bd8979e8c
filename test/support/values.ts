import fc from "fast-check";

/** Strings that break things: empty, NUL, lone surrogates, names that objects inherit, tags. */
function anyString(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom("", "\u0000", "a\u0000b", "\ud800", "x\udfff", "$type", "value", "0", "10", "é\u2028"),
  );
}

/** Keys that break things. */
export function anyKey(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom(
      "__proto__",
      "constructor",
      "toJSON",
      "hasOwnProperty",
      "$type",
      "value",
      "",
      "7",
      "-0",
      "a b",
    ),
    anyString(),
  );
}

function dictionary(value: fc.Arbitrary<unknown>): fc.Arbitrary<Record<string, unknown>> {
  return fc.array(fc.tuple(anyKey(), value), { maxLength: 5 }).map((pairs) => Object.fromEntries(pairs));
}

function without(plain: Record<string, unknown>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(plain).filter(([other]) => other !== key));
}

/** What JSON itself has, hostile keys and strings included, without the tag key. */
export function plainJson(): fc.Arbitrary<unknown> {
  const leaf = fc.oneof(
    anyString(),
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
  );
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc.array(tie("value"), { maxLength: 4 }),
      dictionary(tie("value")).map((plain) => without(plain, "$type")),
    ),
  })).value;
}

function anyBytes(): fc.Arbitrary<unknown> {
  return fc.uint8Array({ maxLength: 24 }).chain((bytes) => {
    const { buffer } = Uint8Array.from([...bytes, ...new Uint8Array((8 - (bytes.length % 8)) % 8)]);
    return fc.constantFrom<unknown>(
      bytes,
      Buffer.from(bytes),
      buffer,
      new DataView(buffer, 0, bytes.length >> 1),
      new Uint8ClampedArray(buffer),
      new Int8Array(buffer),
      new Uint16Array(buffer),
      new Int16Array(buffer),
      new Uint32Array(buffer),
      new Int32Array(buffer),
      new Float32Array(buffer),
      new Float64Array(buffer),
      new BigInt64Array(buffer),
      new BigUint64Array(buffer),
    );
  });
}

function anyRegExp(): fc.Arbitrary<RegExp> {
  const patterns = fc.constantFrom(
    /a/gi,
    /(?:)/,
    /[/\]\n]/u,
    /\//y,
    /(?<name>x)/dgs,
    new RegExp("[\\p{L}--a]", "v"),
  );
  return fc.tuple(patterns, fc.nat(9)).map(([pattern, lastIndex]) => {
    const copy = new RegExp(pattern);
    copy.lastIndex = lastIndex;
    return copy;
  });
}

function anyError(value: fc.Arbitrary<unknown>): fc.Arbitrary<Error> {
  const classes = fc.constantFrom(
    Error,
    TypeError,
    RangeError,
    SyntaxError,
    EvalError,
    URIError,
    ReferenceError,
  );
  const plain = fc
    .tuple(classes, anyString(), fc.option(value), dictionary(value))
    .map(([ErrorClass, message, cause, properties]) => {
      const error = new ErrorClass(message, cause === null ? {} : { cause });
      for (const [key, part] of Object.entries(properties)) {
        Object.defineProperty(error, key, {
          value: part,
          enumerable: true,
          writable: true,
          configurable: true,
        });
      }
      return error;
    });
  const aggregate = fc.array(value, { maxLength: 3 }).map((errors) => new AggregateError(errors, "several"));
  return fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: aggregate });
}

function anyLeaf(): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 3, arbitrary: anyString() },
    { weight: 2, arbitrary: fc.double() },
    fc.constantFrom(NaN, Infinity, -Infinity, -0, null, undefined, true, false, 0),
    fc.bigInt(),
    fc.date({ noInvalidDate: false }),
    anyRegExp(),
    fc.webUrl().map((text) => new URL(text)),
    anyBytes(),
  );
}

/** Anything that can be stored: JSON and all that JSON lacks. */
export function anyValue(): fc.Arbitrary<unknown> {
  return fc.letrec((tie) => {
    const value = tie("value");
    return {
      value: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        anyLeaf(),
        { weight: 2, arbitrary: fc.array(value, { maxLength: 4 }) },
        { weight: 2, arbitrary: dictionary(value) },
        dictionary(value).map((plain) => Object.assign(Object.create(null) as object, plain)),
        fc.array(fc.tuple(value, value), { maxLength: 3 }).map((pairs) => new Map(pairs)),
        fc.array(value, { maxLength: 3 }).map((parts) => new Set(parts)),
        anyError(value),
      ),
    };
  }).value;
}
