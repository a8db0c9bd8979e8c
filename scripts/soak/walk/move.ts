import fc from "fast-check";

/**
 * One thing that a walk does. Numbers choose among what there is at that moment, modulo; values are plain
 * JSON, so that the model stays plain.
 */
export type Move = Simple | Single;

/** What may also stand in a batch. */
export type Simple =
  | Of<"set" | "append" | "setEphemeral", { readonly key: string; readonly value: unknown }>
  | Of<"update" | "safe" | "overwrite" | "replace" | "prefixed", { readonly values: Values }>
  | Of<"delete" | "protect" | "unprotect", { readonly key: string }>
  | Of<"clearEphemeral", object>
  | Of<"setMetadata", { readonly name: string; readonly value: unknown }>;

/** What stands alone. */
export type Single =
  | Of<"batch", { readonly moves: readonly Simple[] }>
  | Of<"snapshot" | "phaseContext" | "rename" | "remove", object>
  | Of<
      "restore",
      {
        readonly to: "version" | "snapshot" | "newest";
        readonly back: number;
        readonly erased: "refuse" | "keep";
      }
    >
  | Of<"threeWay", { readonly values: Values; readonly back: number }>
  | Of<"phase", { readonly work: Work; readonly strategy: Strategy; readonly once?: number | undefined }>
  | Of<"mergePhase", { readonly which: number; readonly strategy: Strategy }>
  | Of<"setLimits", { readonly keys: number | undefined }>
  | Of<"fork", { readonly back: number }>
  | Of<"mergeContext", { readonly from: number; readonly strategy: Strategy }>
  | Of<"redact", { readonly path: Path; readonly present: "keep" | "remove" }>
  | Of<"fold" | "whatIf", { readonly key: string }>;

/** What is said beside a move. */
export interface Circumstances {
  /** Which context, and through which of two handles. */
  readonly on: number;
  readonly hand: number;
  readonly actor?: string | undefined;
  /** How far the expected version is from the right one. */
  readonly expected?: number | undefined;
  /** Which of a few idempotency keys. */
  readonly once?: number | undefined;
}

/** A move with what is said beside it. */
export interface Step {
  readonly move: Move;
  readonly at: Circumstances;
}

export type Values = Readonly<Record<string, unknown>>;
export type Path = readonly [string, ...string[]];
export type Strategy = "safe" | "update" | "replace" | "prefixed" | "threeWay";
/** What the work of a phase does, and what is written beside it meanwhile. */
export interface Work {
  readonly writes: readonly (readonly [string, unknown])[];
  readonly removes: readonly string[];
  readonly meanwhile: readonly Simple[];
  readonly fails: boolean;
  readonly nested: boolean;
}
type Of<Verb extends string, Rest> = Verb extends string ? Rest & { readonly verb: Verb } : never;

const key = fc.constantFrom("a", "b", "c", "d", "goal", "p_a", "__proto__", "7");
const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.nat({ max: 4 }) },
  { weight: 2, arbitrary: fc.constantFrom(null, [1], { x: 1 }, { x: { y: 2 } }, { x: 1, z: [2, { a: 3 }] }) },
  { weight: 1, arbitrary: fc.nat({ max: 3 }).map((number) => `needle ${number}`) },
);
const pairs = fc.uniqueArray(fc.tuple(key, value), { maxLength: 4, selector: ([name]) => name });
// Own keys, `__proto__` too.
const values: fc.Arbitrary<Values> = pairs.map((some) => Object.fromEntries(some));
const verb = <Verb extends string>(...verbs: Verb[]) => fc.constantFrom(...verbs);
const back = fc.nat({ max: 12 });
const strategy = fc.constantFrom<Strategy>("safe", "update", "replace", "prefixed", "threeWay");
const few = fc.option(fc.nat({ max: 5 }), { nil: undefined });

/** Mostly appends to growing lists, as orchestrators do. */
export const simpleMove: fc.Arbitrary<Simple> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ verb: verb("append"), key: fc.constantFrom("log", "notes"), value }) },
  { weight: 5, arbitrary: fc.record({ verb: verb("set", "set", "setEphemeral"), key, value }) },
  { weight: 3, arbitrary: fc.record({ verb: verb("update", "safe", "overwrite", "prefixed"), values }) },
  { weight: 2, arbitrary: fc.record({ verb: verb("delete"), key }) },
  { weight: 2, arbitrary: fc.record({ verb: verb("protect", "unprotect", "unprotect"), key }) },
  { weight: 1, arbitrary: fc.record({ verb: verb("replace"), values }) },
  { weight: 1, arbitrary: fc.record({ verb: verb("clearEphemeral") }) },
  {
    weight: 1,
    arbitrary: fc.record({
      verb: verb("setMetadata"),
      name: fc.constantFrom("team", "__proto__"),
      value: fc.constantFrom(undefined, 1, "x"),
    }),
  },
);

const work: fc.Arbitrary<Work> = fc.record({
  writes: fc.array(
    fc.tuple(
      key.filter((name) => name !== "__proto__"),
      value,
    ),
    { maxLength: 3 },
  ),
  removes: fc.array(key, { maxLength: 1 }),
  meanwhile: fc.array(simpleMove, { maxLength: 2 }),
  fails: fc.nat({ max: 5 }).map((number) => number === 0),
  nested: fc.nat({ max: 5 }).map((number) => number === 0),
});
const path: fc.Arbitrary<Path> = fc.oneof(
  fc.tuple(key),
  fc.tuple(key, fc.constant("x")),
  fc.tuple(key, fc.constant("x"), fc.constant("y")),
);

const singleMove: fc.Arbitrary<Single> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ verb: verb("batch"), moves: fc.array(simpleMove, { maxLength: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ verb: verb("snapshot") }) },
  { weight: 1, arbitrary: fc.record({ verb: verb("phaseContext", "rename", "remove") }) },
  {
    weight: 4,
    arbitrary: fc.record({
      verb: verb("restore"),
      to: fc.constantFrom("version", "version", "snapshot", "newest"),
      back,
      erased: fc.constantFrom("refuse", "keep"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ verb: verb("threeWay"), values, back }) },
  { weight: 4, arbitrary: fc.record({ verb: verb("phase"), work, strategy, once: few }) },
  { weight: 2, arbitrary: fc.record({ verb: verb("mergePhase"), which: fc.nat({ max: 3 }), strategy }) },
  {
    weight: 1,
    arbitrary: fc.record({ verb: verb("setLimits"), keys: fc.constantFrom(undefined, undefined, 9) }),
  },
  { weight: 2, arbitrary: fc.record({ verb: verb("fork"), back }) },
  { weight: 3, arbitrary: fc.record({ verb: verb("mergeContext"), from: fc.nat({ max: 9 }), strategy }) },
  {
    weight: 1,
    arbitrary: fc.record({ verb: verb("redact"), path, present: fc.constantFrom("keep", "remove") }),
  },
  { weight: 1, arbitrary: fc.record({ verb: verb("fold", "whatIf"), key }) },
);

const at: fc.Arbitrary<Circumstances> = fc.record({
  // The first context is walked on most, so that it gets long.
  on: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat({ max: 9 }) }),
  hand: fc.nat({ max: 1 }),
  actor: fc.constantFrom(undefined, "ada", "grace"),
  expected: fc.constantFrom(...Array.from({ length: 12 }, () => undefined), 0, -1, 1),
  once: fc.constantFrom(...Array.from({ length: 10 }, () => undefined), 1, 2, 3),
});

/** A move, weighted towards what orchestrators do most. */
export const anyStep: fc.Arbitrary<Step> = fc.record({
  move: fc.oneof({ weight: 7, arbitrary: simpleMove }, { weight: 3, arbitrary: singleMove }),
  at,
});
