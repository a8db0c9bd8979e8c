import fc from "fast-check";

export type Values = Readonly<Record<string, unknown>>;
/** Numbers choose among what there is at that moment, modulo. */
export type Move =
  | {
      readonly verb: "set" | "setEphemeral";
      readonly on: number;
      readonly key: string;
      readonly value: unknown;
    }
  | { readonly verb: "delete" | "protect" | "unprotect"; readonly on: number; readonly key: string }
  | { readonly verb: "update" | "replace" | "batch"; readonly on: number; readonly values: Values }
  | { readonly verb: "snapshot" | "clearEphemeral" | "phase" | "rename" | "remove"; readonly on: number }
  | { readonly verb: "fork" | "restore"; readonly on: number; readonly back: number }
  | { readonly verb: "merge"; readonly on: number; readonly from: number; readonly strategy: Strategy }
  | {
      readonly verb: "redact";
      readonly on: number;
      readonly path: Path;
      readonly present: "keep" | "remove";
    };
export type Strategy = "threeWay" | "update" | "safe";
type Path = readonly [string, ...string[]];

const on = fc.nat({ max: 99 });
const back = fc.nat({ max: 40 });
const key = fc.constantFrom("a", "b", "c", "__proto__", "7");
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.nat({ max: 2 }),
  fc.constantFrom(null, [1], { x: 1 }, { x: { y: 2 } }, new Date(0)),
  // Large enough to be compressed.
  fc.constant({ x: { y: "again ".repeat(30) } }),
);
// Own keys, `__proto__` too.
const values = fc
  .uniqueArray(fc.tuple(key, value), { maxLength: 3, selector: ([name]) => name })
  .map((pairs) => Object.fromEntries(pairs));
const path: fc.Arbitrary<Path> = fc.oneof(
  fc.tuple(key),
  fc.tuple(key, fc.constant("x")),
  fc.tuple(key, fc.constant("x"), fc.constant("y")),
);
const strategy = fc.constantFrom<Strategy>("threeWay", "threeWay", "update", "safe");
const present = fc.constantFrom<"keep" | "remove">("keep", "remove");
const verb = <Verb extends string>(...verbs: Verb[]) => fc.constantFrom(...verbs);

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ verb: verb("set", "set", "setEphemeral"), on, key, value }) },
  { weight: 5, arbitrary: fc.record({ verb: verb("delete", "delete", "protect", "unprotect"), on, key }) },
  { weight: 5, arbitrary: fc.record({ verb: verb("update", "replace", "batch"), on, values }) },
  {
    weight: 3,
    arbitrary: fc.record({ verb: verb("snapshot", "clearEphemeral", "phase", "rename", "remove"), on }),
  },
  { weight: 7, arbitrary: fc.record({ verb: verb("fork", "restore"), on, back }) },
  { weight: 4, arbitrary: fc.record({ verb: verb("merge"), on, from: on, strategy }) },
  { weight: 3, arbitrary: fc.record({ verb: verb("redact"), on, path, present }) },
);
/** A walk of a family that begins with one context. */
export const familyWalk = fc.array(move, { minLength: 15, maxLength: 45, size: "max" });
